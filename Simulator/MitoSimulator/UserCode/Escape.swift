public import MitoCore

/// Something in user code that a simulation cannot hold, so that the run would not be a function of its seed.
///
/// ```swift
/// do { try withSimulatedRouter(seed: 7, functions: image, program) }
/// catch let escape as Escape { print(escape) }
/// // escaped from the simulation at 12ms: report blocks its thread …
/// ```
public struct Escape: Error, Hashable, Sendable {
    public let kind: Kind
    /// What happened, for people.
    public let what: String
    /// The function that did it, where that is known.
    public let function: String?
    /// When the simulation saw it.
    public let at: Instant

    /// The ways out of a simulation.
    public enum Kind: String, Hashable, Sendable {
        /// A task was resumed, a thread woken or a router asked by a thread that is not the simulation's.
        case foreignThread = "foreign thread"
        /// Work was given to a dispatch queue.
        case dispatchQueue = "dispatch queue"
        /// A thread was made.
        case newThread = "new thread"
        /// A task sleeps by a clock that the simulation does not move.
        case unknownClock = "unknown clock"
        /// A thread waits for something that nothing in the simulation can give.
        case blockedThread = "blocked thread"
        /// Two runs of one seed were not the same.
        case twoRuns = "two runs"
    }

    /// What is known where it happens, which may be on any thread.
    struct Note {
        let kind: Kind
        let what: String
        let function: String?
    }

    init(_ note: Note, at time: Instant) {
        (kind, what, function, at) = (note.kind, note.what, note.function, time)
    }
}

extension Escape: CustomStringConvertible {
    /// One line: when, who, and what.
    public var description: String {
        "escaped from the simulation at \(at - .start): \(function.map { "\($0): " } ?? "")\(what) (\(kind.rawValue))"
    }
}
