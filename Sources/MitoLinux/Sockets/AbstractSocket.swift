import CMitoLinux
import Glibc

/// Unix sockets whose name is in no folder: it is free again when nobody has them open, however their owner ended.
///
///     let listener = try AbstractSocket.listening("mitoscope-lab-1000-web")
///     let stream = try AbstractSocket.connected("mitoscope-lab-1000-web")
public enum AbstractSocket {
    /// The longest name, in bytes.
    public static let nameBytesMax = 107

    /// A socket that takes connections. A name that somebody has is an error.
    public static func listening(_ name: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("bind") { mito_abstract_listen(name) })
    }

    /// A stream to who has the name.
    public static func connected(_ name: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("connect") { mito_abstract_connect(name) })
    }

    /// The next connection that waits, which never waits itself; nil when none does.
    public static func accept(from listener: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor? {
        try TCPSocket.accept(from: listener)
    }

    /// The user at the other end of a unix socket, when it was made.
    public static func peerUser(of socket: borrowing FileDescriptor) throws(SystemError) -> UInt32 {
        let number = socket.number
        var user: uid_t = 0
        try system("getsockopt") { mito_peer(number, &user) }
        return user
    }
}
