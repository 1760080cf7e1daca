import MitoCore
import MitoLinux

/// What starts programs on a host of the lab, for whoever on another host has the lab's key: `mito-lab host`.
///
/// One thread, one loop. A program's stdin and stdout are copied from and to the caller's TCP stream; its stderr, the
/// signals for it and its end go by a second connection. All programs die with this process, and each soon after its
/// caller is gone, unless it has made a session of its own: then it has left its caller.
///
/// ```swift
/// let host = try HostServer(HostServer.Settings(address: IPv4Address(0), port: 0, key: key, image: path))
/// try host.serve(while: 0)
/// ```
final class HostServer {
    struct Settings {
        var address: IPv4Address
        /// 0 = one that is free.
        var port: UInt16
        var key: LabKey
        /// The program that is started, whatever the caller calls it.
        var image: String
        /// `NAME=value` each: what every program has, whatever its caller's environment says.
        var environment: [String] = []
    }

    private let settings: Settings
    private let listener: FileDescriptor
    /// By the numbers under which they came, so that they are served in that order.
    private var connections: [UInt64: Connection] = [:]
    private var connectionCount: UInt64 = 0
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    init(_ settings: Settings) throws(SystemError) {
        self.settings = settings
        listener = try TCPSocket.listening(at: settings.address.number, port: settings.port)
    }

    /// Where it listens.
    func port() throws(SystemError) -> UInt16 { try TCPSocket.port(of: listener) }

    /// Serves until a descriptor is at its end.
    func serve(while lifeline: Int32) throws(SystemError) {
        var news: [Readiness] = []
        while true {
            let poller = PollPoller()
            try poller.add(lifeline, token: Self.lifeline, reads: true, writes: false)
            try poller.add(listener.number, token: Self.listener, reads: true, writes: false)
            for number in connections.keys.sorted() { try connections[number]?.watch(with: poller, as: number) }
            news.removeAll(keepingCapacity: true)
            try poller.wait(milliseconds: nextLook, into: &news)
            for event in news {
                switch event.token {
                case Self.lifeline: return
                case Self.listener: accept()
                default: serve(event)
                }
            }
            sweep(at: .monotonic)
        }
    }

    private func accept() {
        // What fails here, as want of descriptors does, fails for who calls, and not for those who are served.
        while let socket = (try? TCPSocket.accept(from: listener)) ?? nil {
            guard connections.count < Self.connectionsMax else { continue }
            try? TCPSocket.hasten(socket)
            connectionCount += 1
            connections[connectionCount] = Connection(socket, pairingDeadline: .monotonic + Self.patience)
        }
    }

    private func serve(_ event: Readiness) {
        let number = event.token / Connection.watchedMax
        guard let connection = connections[number] else { return }
        connection.serve(Int(event.token % Connection.watchedMax), key: settings.key, &buffer)
        pair(number, connection)
    }

    /// Starts the program when its stream and its request are both there.
    private func pair(_ number: UInt64, _ connection: Connection) {
        guard let token = connection.pairingToken else { return }
        let partner = connections.first { $0.key != number && $0.value.pairingToken == token }
        guard let (otherNumber, other) = partner else { return }
        let (control, stream) = connection.request != nil ? (connection, other) : (other, connection)
        guard control.request != nil, stream.request == nil else { return }
        control.start(image: settings.image, settings.environment, stream: stream.socket)
        // The program's relay has the stream now.
        connections[stream === connection ? number : otherNumber] = nil
    }

    private func sweep(at now: Instant) {
        for (number, connection) in connections where connection.isGone(at: now) { connections[number] = nil }
    }

    private var nextLook: Int32 {
        guard let next = connections.values.compactMap(\.deadline).min() else { return -1 }
        return Int32(clamping: max(0, (next - .monotonic).nanoseconds / 1_000_000 + 1))
    }

    /// More connections at once are refused.
    private static let connectionsMax = 256
    /// How long a connection may take to say what it is for, and to find its partner.
    private static let patience = Duration.seconds(60)
    private static let lifeline = UInt64.max
    private static let listener = UInt64.max - 1
}
