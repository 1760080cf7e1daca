import Glibc

/// Two connected stream sockets, both close-on-exec and neither of them 0, 1 or 2.
///
///     let pair = try SocketPair()
///     let child = try ChildProcess(…, stream: pair.far)
///     let stream = pair.closingFar()
public struct SocketPair: ~Copyable {
    /// The end that stays here.
    public let near: FileDescriptor
    /// The end that somebody else gets.
    public let far: FileDescriptor

    /// Connects two sockets.
    ///
    /// - Parameter sendBufferBytes: how much either end takes while the other does not read; nil = what the system
    ///   chooses.
    public init(sendBufferBytes: Int32? = nil) throws(SystemError) {
        var pair: (Int32, Int32) = (-1, -1)
        try system("socketpair") {
            withUnsafeMutablePointer(to: &pair) { pointer in
                pointer.withMemoryRebound(to: Int32.self, capacity: 2) {
                    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, $0)
                }
            }
        }
        // A program that closed its stdio would get numbers that mean something else.
        let first = FileDescriptor(owning: pair.0)
        let second = FileDescriptor(owning: pair.1)
        let near = try first.movedAboveStdio()
        let far = try second.movedAboveStdio()
        if let sendBufferBytes {
            try near.setSendBuffer(bytes: sendBufferBytes)
            try far.setSendBuffer(bytes: sendBufferBytes)
        }
        self.near = near
        self.far = far
    }

    /// The near end alone; nobody here holds the far one any more.
    public consuming func closingFar() -> FileDescriptor { near }
}
