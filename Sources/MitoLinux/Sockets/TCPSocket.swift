import CMitoLinux
import Glibc

/// Streams over IPv4 that never wait: a loop asks a poller when they can go on.
///
/// Addresses are numbers, the first byte highest: 127.0.0.1 is 0x7F000001.
///
///     let listener = try TCPSocket.listening(at: 0x7F000001, port: 0)
///     let stream = try TCPSocket.connecting(to: 0x7F000001, port: try TCPSocket.port(of: listener))
public enum TCPSocket {
    /// A socket that takes connections. Port 0 = one that is free.
    public static func listening(at address: UInt32, port: UInt16) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("listen") { mito_tcp_listen(address, port) })
    }

    /// The port that a socket is bound to.
    public static func port(of socket: borrowing FileDescriptor) throws(SystemError) -> UInt16 {
        let number = socket.number
        return UInt16(truncatingIfNeeded: try system("getsockname") { mito_tcp_port(number) })
    }

    /// Begins a connection. When the socket is writable, `checkConnection` says what came of it.
    public static func connecting(to address: UInt32, port: UInt16) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("connect") { mito_tcp_connect(address, port) })
    }

    /// Throws what a connection failed of.
    public static func checkConnection(_ socket: borrowing FileDescriptor) throws(SystemError) {
        let number = socket.number
        try system("connect", isRestarted: false) { mito_socket_error(number) }
    }

    /// The next connection that waits; nil when none does.
    public static func accept(from listener: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor? {
        let number = listener.number
        do throws(SystemError) {
            return FileDescriptor(owning: try system("accept") { mito_accept(number) })
        } catch {
            // One that was given up again before it was taken is none.
            if [EAGAIN, ECONNABORTED].contains(error.code) { return nil }
            throw error
        }
    }

    /// Lets small writes leave at once, and what is lost be sent again without ever longer waits.
    public static func hasten(_ socket: borrowing FileDescriptor) throws(SystemError) {
        let number = socket.number
        try system("setsockopt") { mito_tcp_hasten(number) }
    }
}
