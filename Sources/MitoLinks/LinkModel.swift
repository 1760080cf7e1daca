/// What a link is like, each way by itself: `up` is towards the root.
///
/// ```swift
/// var model = LinkModel(delay: .constant(.milliseconds(20)))
/// model.up.loss = Loss(Ratio(1, 100))
/// ```
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

    public subscript(_ way: Way) -> OneWay {
        get { way == .up ? up : down }
        set { if way == .up { up = newValue } else { down = newValue } }
    }

    /// One direction of a link.
    public struct OneWay: Hashable, Sendable {
        /// How long a frame is on its way once it was sent.
        public var delay: Delay
        /// Bytes per second that can be sent; nil = no bound. Never 0.
        public var bandwidth: UInt64?
        /// What is lost, and so sent again; nil = nothing.
        public var loss: Loss?
        /// How many bytes fit in: waiting to be sent, under way, or held. When it is full, what is written waits in
        /// the sender's own buffer until there is room, and who streams through it waits too. A longer frame goes
        /// alone.
        public var queue: Int

        public init(
            delay: Delay = .none, bandwidth: UInt64? = nil, loss: Loss? = nil, queue: Int = OneWay.usualQueue
        ) {
            precondition(bandwidth != 0, "a link without bandwidth is a cut link")
            self.delay = delay
            self.bandwidth = bandwidth
            self.loss = loss
            self.queue = queue
        }

        /// 1 MiB.
        public static let usualQueue = 1 << 20

        /// Does it let everything through at once?
        public var isInstant: Bool { delay == .none && bandwidth == nil && loss == nil }
    }

    /// Does it let everything through at once, both ways?
    public var isInstant: Bool { up.isInstant && down.isInstant }
}

/// A direction of a link: towards the root, or away from it.
public enum Way: String, Hashable, Sendable, CaseIterable {
    case up, down
}
