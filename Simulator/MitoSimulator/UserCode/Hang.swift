public import MitoCore
public import Mitoscope

/// Nothing can happen any more, and the program has not come to its end.
///
/// ```swift
/// do { try withSimulatedRouter(seed: 7, functions: image, program) }
/// catch let hang as Hang { print(hang) }
/// // nothing can happen any more at 12ms: master (the program) waits for call 1 hang
/// ```
public struct Hang: Error, Hashable, Sendable {
    public let at: Instant
    /// In the order in which the contexts were started.
    public let waits: [Wait]
    /// Tasks that were begun and left, and wait for what does not come, such as a continuation that nobody resumes.
    public let tasks: [Remains]

    /// Something that a context waits for.
    public struct Wait: Hashable, Sendable {
        public let context: ContextID
        public let name: String?
        /// The function or program that has not ended.
        public let code: String
        /// What it asked for; nil = something of its own, such as a stream, a continuation or a task.
        public let command: Command?
    }
}

extension Hang: CustomStringConvertible {
    /// One line: when, and who waits for what.
    public var description: String {
        let waits = waits.map { wait in
            let what = wait.command.map { "\($0)" } ?? "something of its own"
            return "\(wait.name ?? "\(wait.context)") (\(wait.code)) waits for \(what)"
        }
        let left = tasks.map { "\($0.what) has not ended" }
        return "nothing can happen any more at \(at - .start): \((waits + left).joined(separator: "; "))"
    }
}

/// More happened at one instant than ever should: the program goes round in a circle without time going on.
public struct Livelock: Error, Hashable, Sendable {
    public let at: Instant
}

/// The program has not come to its end in the time that it was given, by the simulation's clock.
public struct TimeLimitReached: Error, Hashable, Sendable {
    public let limit: Duration
}
