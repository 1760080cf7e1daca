public import MitoLinks

/// How a wire is, as it can be printed or sent elsewhere.
///
/// ```swift
/// for link in wire.status().links { print(link.upper, link.lower, link.down.bytes) }
/// ```
public struct WireStatus: Hashable, Sendable {
    public var links: [Link]
    /// Packets to nobody on the wire, or that were none.
    public var astray: Int
    /// Packets that the wire had no room for when it was behind with its work: lost by this machine and no link.
    public var overrun: Int

    /// One link.
    public struct Link: Hashable, Sendable {
        /// The host at the lower end: that with the greater index.
        public var lower: Int
        public var upper: Int
        public var up: OneWay
        public var down: OneWay

        public subscript(_ way: Way) -> OneWay { way == .up ? up : down }
    }

    /// One direction of a link.
    public struct OneWay: Hashable, Sendable {
        public var model: LinkModel.OneWay
        public var isHeld: Bool
        public var isCut: Bool
        /// What came out at the far end.
        public var packets: Int
        public var bytes: Int
        public var dropped: Dropped
        /// What is inside now.
        public var queuePackets: Int
        public var queueBytes: Int
    }

    /// Packets that did not come out.
    public struct Dropped: Hashable, Sendable {
        /// By the link's loss.
        public var lost = 0
        /// For want of room in the link's queue.
        public var full = 0
        /// By a cut.
        public var cut = 0
        /// By a reset, and segments of connections that it ended.
        public var reset = 0

        /// Each with its word.
        public var reasons: [(word: String, packets: Int)] {
            [("lost", lost), ("full", full), ("cut", cut), ("reset", reset)]
        }

        public var total: Int { lost + full + cut + reset }
    }
}
