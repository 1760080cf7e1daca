import CMitoLinux
import Glibc

/// Streams over IPv4 that never wait: a loop asks a poller when they can go on.
///
///     let listener = try TCPSocket.listening(at: IPv4Address("127.0.0.1")!, port: 0)
///     let stream = try TCPSocket.connecting(to: IPv4Address("127.0.0.1")!, port: try TCPSocket.port(of: listener))
public enum TCPSocket {
    /// A socket that takes connections. Port 0 = one that is free.
    public static func listening(at address: IPv4Address, port: UInt16) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("listen") { mito_tcp_listen(address.number, port) })
    }

    /// The port that a socket is bound to.
    public static func port(of socket: borrowing FileDescriptor) throws(SystemError) -> UInt16 {
        let number = socket.number
        return UInt16(truncatingIfNeeded: try system("getsockname") { mito_tcp_port(number) })
    }

    /// Begins a connection. When the socket is writable, `checkConnection` says what came of it.
    public static func connecting(to address: IPv4Address, port: UInt16) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("connect") { mito_tcp_connect(address.number, port) })
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

/// An address of the internet's fourth version.
///
///     IPv4Address("10.77.0.3")?.description == "10.77.0.3"
public struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    /// As a number: 10.0.0.1 is 0x0A000001.
    public var number: UInt32

    public init(_ number: UInt32) { self.number = number }

    /// Nil when the text is not four numbers of at most 255, with dots between them.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        number = 0
        for part in parts {
            guard part.utf8.count <= 3, part.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
                let byte = UInt8(part)
            else { return nil }
            number = number << 8 | UInt32(byte)
        }
    }

    public var description: String {
        [24, 16, 8, 0].map { "\(number >> UInt32($0) & 255)" }.joined(separator: ".")
    }

    /// Every address of this host.
    public static let any = IPv4Address(0)
}
