public import MitoTrace

/// One telling of a scenario: what the trace recorded, and how it came to an end.
public struct Run: Sendable {
    /// How the telling ended.
    public enum Ending: Hashable, Sendable {
        /// The story is told, every call ended, and the tree was shut down.
        case rested
        /// Nothing can happen any more and somebody still waits.
        case hung
        /// The story could not go on, though nobody waits: why.
        case untold(String)
        /// The scenario's `limit` was reached first.
        case limitReached
        /// More happened at one instant than any story can need.
        case livelocked
        /// A function did what no simulation can hold: what.
        case escaped(String)
        /// Somebody asked for the end.
        case interrupted
        /// A context of the scenario did not come up: which, and why.
        case failedToStart(String)
        /// The world itself cannot be had here: why.
        case environmentMissing(String)
    }

    public var world: WorldKind
    public var seed: UInt64
    public var records: [TraceRecord]
    public var ending: Ending
    /// What the world found left over after the end: processes, file descriptors. Empty in `sim`, which has none.
    public var leftovers: [String]
    /// The rolling hash of the run; 0 where worlds have no common order.
    public var hash: UInt64

    public init(
        world: WorldKind, seed: UInt64, records: [TraceRecord], ending: Ending, leftovers: [String] = [],
        hash: UInt64 = 0
    ) {
        self.world = world
        self.seed = seed
        self.records = records
        self.ending = ending
        self.leftovers = leftovers
        self.hash = hash
    }
}
