/// What a link is like, each way by itself: `up` is towards the root.
public struct LinkModel: Hashable, Sendable {
    public var up: OneWay
    public var down: OneWay

    public init(up: OneWay, down: OneWay) {
        self.up = up
        self.down = down
    }

    /// The same both ways.
    public init(_ both: OneWay = OneWay()) { self.init(up: both, down: both) }

    /// The same delay both ways, and any number of bytes at once.
    public init(delay: Delay) { self.init(OneWay(delay: delay)) }

    /// One direction of a link.
    public struct OneWay: Hashable, Sendable {
        /// How long a byte is on its way once it was sent.
        public var delay: Delay
        /// Bytes per second that can be sent; nil = no bound. Never 0.
        public var bandwidth: UInt64?

        public init(delay: Delay = .none, bandwidth: UInt64? = nil) {
            precondition(bandwidth != 0, "a link without bandwidth is a cut link")
            self.delay = delay
            self.bandwidth = bandwidth
        }
    }
}
