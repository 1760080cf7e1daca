import DequeModule
import MitoCore
public import MitoTrace

/// Links are streams: the n-th frame that went into one direction of a link is the n-th that comes out of it, and what
/// comes out is what went in. Where a frame fault has struck, which the trace tells, all other frames keep their order.
public struct LinksKeepOrder: Checker {
    public let invariant = Invariant.linksKeepOrder

    public init() {}

    public mutating func observe(_ record: TraceRecord) {
        if let victim = record.victim {
            lanes[Lane(link: victim, upward: false)]?.underway = []
            return
        }
        let event = record.event
        if let strike = record.strike { struck(strike, Lane(link: event.link, upward: event.upward), event.ordinal) }
        switch event.kind {
        case .frameOut: sent(record)
        case .frameIn: arrived(record)
        case .linkDown where event.link != .master:
            // Who sees the end of a link reads nothing more from it.
            lanes[Lane(link: event.link, upward: event.link != record.context)]?.underway = []
        case .contextDown: lanes[Lane(link: record.context, upward: false)]?.underway = []
        default: break
        }
    }

    public mutating func finish() -> [Violation] { findings.take() }

    // MARK: Parts

    /// One direction of a link.
    private struct Lane: Hashable {
        var link: ContextID
        var upward: Bool
    }

    private struct Traffic: Sendable {
        /// What went in and has not come out, in order.
        var underway = Deque<Frame>()
        var sent: UInt64 = 0
        var arrived: UInt64 = 0
        /// Those among them that may come out before their turn.
        var overtaking: [Frame] = []
        /// Did a frame in there become another? Then what comes out may be anything.
        var isCorrupt = false
    }

    /// What must not change on the way.
    private struct Frame: Hashable, Sendable {
        var ordinal: UInt64
        var destination: ContextID
        var source: ContextID
        var authority: ContextID
        var handle: Handle
        var replyTo: Handle
        var length: UInt32
        var digest: UInt64

        init(_ event: Event) {
            ordinal = event.ordinal
            destination = event.destination
            source = event.source
            authority = event.authority
            handle = event.handle
            replyTo = event.replyTo
            length = event.length
            digest = event.digest
        }

        /// The same but for its number, which is another at the other end where one was dropped or doubled before it.
        func isSame(as other: Frame) -> Bool {
            var other = other
            other.ordinal = ordinal
            return self == other
        }
    }

    /// For look-up only.
    private var lanes: [Lane: Traffic] = [:]
    private var findings = Findings(.linksKeepOrder)

    private mutating func sent(_ record: TraceRecord) {
        let event = record.event
        let lane = Lane(link: event.link, upward: event.upward)
        let sent = lanes[lane]?.sent ?? 0
        if event.ordinal != sent + 1 {
            findings.add("frame \(event.ordinal) \(words(lane)) was sent after frame \(sent)", by: record)
        }
        lanes[lane, default: Traffic()].sent = event.ordinal
        lanes[lane, default: Traffic()].underway.append(Frame(event))
    }

    private mutating func arrived(_ record: TraceRecord) {
        let event = record.event
        let lane = Lane(link: event.link, upward: event.upward)
        // What was never seen to be sent came from a context that writes no trace.
        guard let traffic = lanes[lane], traffic.sent > 0, !traffic.isCorrupt else { return }
        if event.ordinal != traffic.arrived + 1 {
            findings.add("frame \(event.ordinal) \(words(lane)) came after frame \(traffic.arrived)", by: record)
        }
        lanes[lane]?.arrived = event.ordinal
        if arrivedEarly(Frame(event), lane) { return }
        guard let frame = lanes[lane]?.underway.popFirst() else {
            return findings.add("frame \(event.ordinal) \(words(lane)) came without having been sent", by: record)
        }
        if !Frame(event).isSame(as: frame) {
            findings.add(
                "frame \(event.ordinal) \(words(lane)) is not what was sent as frame \(frame.ordinal):"
                    + " to \(event.destination), handle \(event.handle), instead of to \(frame.destination),"
                    + " handle \(frame.handle)", by: record)
        }
    }

    /// Takes in what the world did to a frame that was sent.
    private mutating func struck(_ strike: FrameStrike, _ lane: Lane, _ ordinal: UInt64) {
        guard let place = lanes[lane]?.underway.lastIndex(where: { $0.ordinal == ordinal }),
            let frame = lanes[lane]?.underway[place]
        else { return }
        switch strike {
        case .drop: lanes[lane]?.underway.remove(at: place)
        case .duplicate: lanes[lane]?.underway.insert(frame, at: place)
        case .overtake: lanes[lane]?.overtaking.append(frame)
        case .corrupt: lanes[lane]?.isCorrupt = true
        }
    }

    /// Is this one that was let past others, and not the one whose turn it is?
    private mutating func arrivedEarly(_ frame: Frame, _ lane: Lane) -> Bool {
        guard let place = lanes[lane]?.overtaking.firstIndex(where: frame.isSame) else { return false }
        guard let overtaking = lanes[lane]?.overtaking.remove(at: place) else { return false }
        guard let turn = lanes[lane]?.underway.firstIndex(of: overtaking) else { return false }
        lanes[lane]?.underway.remove(at: turn)
        return true
    }

    private func words(_ lane: Lane) -> String { "\(lane.upward ? "up" : "down") the link of \(lane.link)" }
}
