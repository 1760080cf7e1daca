import MitoCore
import MitoLinux

/// What starts programs on a host of the lab, for whoever on another host has the lab's key: `mito-lab host`.
///
/// One thread, one loop. A program's stdin and stdout are copied from and to the caller's TCP stream; its stderr, the
/// signals for it and its end go by a second connection. All programs die with this process, and each soon after its
/// caller is gone, unless it has made a session of its own: then it has left its caller.
///
/// ```swift
/// let host = try HostServer(HostServer.Settings(address: .any, port: 0, key: key, image: "/usr/bin/mito-agent"))
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
    private var guests: [UInt64: Guest] = [:]
    private var guestCount: UInt64 = 0
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
            for number in guests.keys.sorted() { try guests[number]?.watch(with: poller, as: number) }
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
            guard guests.count < Self.guestsMax else { continue }
            try? TCPSocket.hasten(socket)
            guestCount += 1
            guests[guestCount] = Guest(socket, deadline: .monotonic + Self.patience)
        }
    }

    private func serve(_ event: Readiness) {
        let number = event.token / Guest.watchedMax
        guard let guest = guests[number] else { return }
        guest.serve(Int(event.token % Guest.watchedMax), key: settings.key, &buffer)
        pair(number, guest)
    }

    /// Starts the program when its stream and its request are both there.
    private func pair(_ number: UInt64, _ guest: Guest) {
        guard let token = guest.pairingToken else { return }
        let partner = guests.first { $0.key != number && $0.value.pairingToken == token }
        guard let (otherNumber, other) = partner, let control = [guest, other].first(where: { $0.request != nil }),
            let stream = [guest, other].first(where: { $0.request == nil })
        else { return }
        control.start(image: settings.image, settings.environment, stream: stream.socket)
        // The program's relay has the stream now.
        guests[stream === guest ? number : otherNumber] = nil
    }

    private func sweep(at now: Instant) {
        for (number, guest) in guests where guest.isGone(at: now) { guests[number] = nil }
    }

    private var nextLook: Int32 {
        guard let next = guests.values.compactMap(\.deadline).min() else { return -1 }
        return Int32(clamping: max(0, (next - .monotonic).nanoseconds / 1_000_000 + 1))
    }

    /// More connections at once are refused.
    private static let guestsMax = 256
    /// How long a connection may take to say what it is for, and to find its partner.
    private static let patience = Duration.seconds(60)
    private static let lifeline = UInt64.max
    private static let listener = UInt64.max - 1
}
