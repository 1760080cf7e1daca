import MitoCore
import MitoLinks
import MitoTrace

/// What is made of a live link at one of its ends: each end delays what it writes, by the same model, seed and streams
/// of chance as a simulated link. The upper end also carries out what is ordered for both ways, by not reading.
final class Shaping {
    /// What was written and is not due yet.
    var queue: LinkQueue
    /// The context at the link's lower end, by which the link is named.
    let lower: ContextID
    /// The way that is written here.
    let way: Way
    /// Whether what comes from the other end is read.
    var reading = Gate()
    /// Did the process below the link end while nothing was read?
    var isEndUnread = false

    /// - Parameters:
    ///   - option: what the link is like; nil = nothing is delayed.
    ///   - preface: what is written before the first frame.
    init(_ option: LinkOption?, lower: ContextID, _ way: Way, preface: FrameWalk.Preface, isTraced: Bool) {
        self.lower = lower
        self.way = way
        queue = LinkQueue(
            (option?.model ?? LinkModel())[way], seed: option?.seed ?? 0, link: lower, way, preface: preface, buffer: 0)
        queue.keepsPassages = isTraced
    }

    /// Carries an order out, as far as it is this end's.
    func perform(_ order: LinkOrder, at now: Instant) {
        queue.perform(order, way, at: now)
        guard way == .down else { return }
        reading.perform(order, .up, at: now, retransmit: queue.model.loss?.retransmit ?? Loss.usualRetransmit)
    }

    /// When something is due that was written, or reading begins again after a cut; nil while nothing will.
    func wake(at now: Instant, isWriting: Bool) -> Instant? {
        let next = isWriting ? nil : queue.next
        guard let reopens = reading.exit(of: .start), reopens > now else { return next }
        return next.map { min($0, reopens) } ?? reopens
    }

    /// Is everything read that comes?
    func isReading(at now: Instant) -> Bool { reading.exit(of: now).map { $0 <= now } ?? false }

    /// Appends what is due now.
    func moveDue(at now: Instant, to buffer: inout [UInt8]) {
        while let next = queue.next, next <= now {
            let piece = queue.take()
            buffer += piece.bytes[piece.range]
        }
        queue.admit(at: now)
    }

    /// The frames that were let in since the last look, each with its delay, for the trace.
    func takePassages(at now: Instant) -> [Event] {
        queue.takePassages().map { passage in
            var event = Event(.command)
            event.at = now
            event.subject = lower
            event.link = lower
            event.upward = way == .up
            event.ordinal = passage.ordinal
            event.text = "\(Self.passageWords) \(passage.delay)"
            return event
        }
    }

    /// What a trace says of a frame that is delayed; how long follows.
    static let passageWords = "frame takes"
}
