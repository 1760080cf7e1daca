import Foundation

/// A file that a command writes. It is opened before the work whose outcome it is to hold, so that a path that cannot
/// be written is known at once.
struct OutputFile {
    private let path: String
    private let handle: FileHandle

    /// Creates the file, or empties the one that is there.
    init(_ path: String) throws(Failure) {
        self.path = path
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        let code = errno
        guard number >= 0 else { throw Failure(path: path, reason: String(cString: strerror(code))) }
        handle = FileHandle(fileDescriptor: number, closeOnDealloc: true)
    }

    /// Puts `bytes` in place of what the file holds.
    func write(_ bytes: [UInt8]) throws(Failure) {
        let number = handle.fileDescriptor
        // Devices and pipes have no beginning to go back to, and need none.
        _ = ftruncate(number, 0)
        _ = lseek(number, 0, SEEK_SET)
        if let code = Self.put(bytes, into: number) {
            throw Failure(path: path, reason: String(cString: strerror(code)))
        }
    }

    /// Writes all of `bytes` to a descriptor; the system's error when it does not take them.
    static func put(_ bytes: some Collection<UInt8>, into number: Int32) -> Int32? {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let (count, code) = rest.withUnsafeBytes { (Foundation.write(number, $0.baseAddress, $0.count), errno) }
            if count < 0, code == EINTR { continue }
            guard count > 0 else { return code }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    /// The system did not let the file be written.
    struct Failure: Error, CustomStringConvertible {
        var path: String
        var reason: String

        var description: String { "\(path): cannot be written: \(reason)" }
    }
}
