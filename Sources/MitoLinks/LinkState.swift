public import MitoCore

/// One direction of one link at work: says when a frame that is sent now will arrive.
///
/// It is asked once for each frame, in order, whatever the frames are written with: so a seed and the frames' lengths
/// decide all delays, under virtual time and on a real clock alike. Links are streams: nothing overtakes, whatever
/// delays are drawn.
///
/// ```swift
/// var state = LinkState(model.up, seed: 7, link: ContextID(3), .up)
/// let arrival = state.arrival(ofFrame: 120, at: now)
/// ```
public struct LinkState: Hashable, Sendable {
    /// May change between two frames; the streams of chance go on.
    public var model: LinkModel.OneWay
    /// How long the latest frame takes for itself: to be sent, to travel, and to be sent again for each loss.
    public private(set) var latest = Duration.zero

    /// - Parameters:
    ///   - model: what this direction of the link is like.
    ///   - seed: what delays and losses are drawn from, in streams of the link's own.
    ///   - link: the context at its lower end.
    ///   - way: the direction.
    public init(_ model: LinkModel.OneWay, seed: UInt64, link: ContextID, _ way: Way) {
        self.model = model
        let name = "link \(link) \(way)"
        delays = Random(seed: seed, stream: "\(name) delay")
        losses = LossState(Random(seed: seed, stream: "\(name) loss"))
        greetings = Random(seed: seed, stream: "\(name) greeting")
    }

    /// When the last byte of the next frame arrives that is handed to the link at `now`: after it waited for those
    /// ahead to be sent, was sent itself, and travelled; never before what is ahead.
    ///
    /// - Parameters:
    ///   - bytes: the frame's length.
    ///   - now: when it is handed to the link.
    ///   - extra: what this frame takes longer.
    public mutating func arrival(ofFrame bytes: Int, at now: Instant, extra: Duration = .zero) -> Instant {
        var travel = model.delay.draw(from: &delays) + extra
        if let loss = model.loss {
            travel = travel + .nanoseconds(Self.product(losses.losses(loss), loss.retransmit))
        }
        return arrival(of: bytes, travelling: travel, at: now)
    }

    /// The same for what is no frame: the words of the handshake, and the end of the stream. They have a stream of
    /// chance of their own and are never lost: a child cannot shape what it says before it knows its link.
    public mutating func arrival(ofGreeting bytes: Int, at now: Instant) -> Instant {
        arrival(of: bytes, travelling: model.delay.draw(from: &greetings), at: now)
    }

    /// The same for a packet, which is lost for good when it is lost: whoever sent it sees to that. It takes its time
    /// to be sent in either case.
    ///
    /// - Returns: when its last byte arrives; nil when it is lost.
    public mutating func arrival(ofPacket bytes: Int, at now: Instant) -> Instant? {
        let travel = model.delay.draw(from: &delays)
        guard let loss = model.loss, losses.isLost(loss) else { return arrival(of: bytes, travelling: travel, at: now) }
        latest = timeToSend(bytes)
        sent = max(sent, now) + latest
        return nil
    }

    /// What was handed over and has not arrived is gone: nothing waits behind it any more.
    public mutating func forgetBacklog() {
        sent = Instant(nanoseconds: .min)
        arrived = sent
    }

    private var delays: Random
    private var losses: LossState
    private var greetings: Random
    /// When the last byte handed over will have left.
    private var sent = Instant(nanoseconds: .min)
    /// When the last byte handed over will have arrived.
    private var arrived = Instant(nanoseconds: .min)

    private mutating func arrival(of bytes: Int, travelling travel: Duration, at now: Instant) -> Instant {
        let sending = timeToSend(bytes)
        latest = sending + travel
        sent = max(sent, now) + sending
        arrived = max(arrived, sent + travel)
        return arrived
    }

    private func timeToSend(_ bytes: Int) -> Duration {
        guard let bandwidth = model.bandwidth else { return .zero }
        let product = UInt64(bytes).multipliedFullWidth(by: 1_000_000_000)
        guard product.high < bandwidth else { return .nanoseconds(.max) }
        return .nanoseconds(Int64(clamping: bandwidth.dividingFullWidth(product).quotient))
    }

    private static func product(_ count: Int, _ duration: Duration) -> Int64 {
        let (product, overflow) = Int64(count).multipliedReportingOverflow(by: max(.zero, duration).nanoseconds)
        return overflow ? .max : product
    }
}
