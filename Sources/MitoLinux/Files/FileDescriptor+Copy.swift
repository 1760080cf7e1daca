extension FileDescriptor {
    /// Appends what is left in another file.
    public borrowing func copyAll(from source: borrowing FileDescriptor) throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case .bytes(let count) = try source.read(into: &buffer) {
            _ = try writeAll(Array(buffer[..<count]))
        }
    }

    /// A file's copy in memory that nobody can change, the root of a container included.
    ///
    /// Through `/proc/PID/exe` a process of a container can reach the file that another one of it runs, and its root
    /// could write to one on the host's disk. So this is what is executed there.
    ///
    /// - Parameter name: for people.
    public static func sealedCopy(of path: String, _ name: String) throws(SystemError) -> FileDescriptor {
        let copy = try inMemory(name)
        try copy.copyAll(from: reading(path))
        try copy.seal()
        return copy
    }
}
