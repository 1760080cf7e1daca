public import MitoCore

/// One direction of one link at work: says when bytes that are sent now will arrive.
///
/// Links are streams: nothing overtakes, whatever delays are drawn.
public struct LinkState: Hashable, Sendable {
    public let model: LinkModel.OneWay

    public init(_ model: LinkModel.OneWay, random: Random) {
        self.model = model
        self.random = random
    }

    /// When the last of `bytes` arrives that are handed to the link at `now`: after they waited for those ahead to be
    /// sent, were sent themselves, and travelled; never before what is ahead.
    public mutating func arrival(of bytes: Int, at now: Instant) -> Instant {
        sent = max(sent, now) + timeToSend(bytes)
        arrived = max(arrived, sent + model.delay.draw(from: &random))
        return arrived
    }

    private var random: Random
    /// When the last byte handed over will have left.
    private var sent = Instant.start
    /// When the last byte handed over will have arrived.
    private var arrived = Instant.start

    private func timeToSend(_ bytes: Int) -> Duration {
        guard let bandwidth = model.bandwidth else { return .zero }
        let product = UInt64(bytes).multipliedFullWidth(by: 1_000_000_000)
        guard product.high < bandwidth else { return .nanoseconds(.max) }
        return .nanoseconds(Int64(clamping: bandwidth.dividingFullWidth(product).quotient))
    }
}
