import MitoCore
import MitoLinks

/// One direction of a simulated link: a queue of what was sent and has not come out yet, between two hosts.
///
/// Bytes come out cut at points that the seed draws, since a stream keeps no message's edges.
struct Conduit {
    /// Where it ends.
    let host: HostIndex
    let link: LinkID
    /// The context at its beginning.
    let sender: ContextID
    /// The context at the link's lower end, by which the link is named.
    let lower: ContextID
    let way: Way
    var queue: LinkQueue

    /// Is an event pending for what comes out next?
    var isAwaited = false
    /// Was the sender told that there is no room?
    var isSenderHeldUp = false
    /// Does the end of the sender's process come to be known with the end of the stream?
    var isEndOfProcess = false

    init(
        from sender: ContextID, to host: HostIndex, _ link: LinkID, lower: ContextID, _ way: Way,
        queue: LinkQueue, cuts: Random
    ) {
        self.sender = sender
        self.host = host
        self.link = link
        self.lower = lower
        self.way = way
        self.queue = queue
        self.cuts = cuts
    }

    /// Takes out what comes next: some bytes, at most those that arrive together, or the end.
    mutating func take() -> LinkQueue.Piece {
        let count = queue.nextCount
        guard count > 0, cuts.chance(Self.cutChance) else { return queue.take() }
        return queue.take(most: 1 + Int(cuts.below(UInt64(count))))
    }

    private var cuts: Random

    private static let cutChance = Ratio(1, 8)
}
