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
        "nothing can happen any more at \(at - .start): \(whoWaits)"
    }
}

extension Hang {
    /// In words; empty when nobody waits.
    fileprivate var whoWaits: String {
        (waits.map(\.description) + tasks.map { "\($0.what) has not ended" }).joined(separator: "; ")
    }
}

extension Hang.Wait: CustomStringConvertible {
    /// Who, in which code, and for what: `master (the program) waits for call 1 hang`.
    public var description: String {
        let what = command.map { "\($0)" } ?? "something of its own"
        return "\(name ?? "\(context)") (\(code)) waits for \(what)"
    }
}

/// More happened at one instant than ever should: the program goes round in a circle without time going on.
public struct Livelock: Error, Hashable, Sendable {
    public let at: Instant
}

/// The program has not come to its end in the time that it was given, by the simulation's clock.
///
/// ```swift
/// do { try withSimulatedRouter(seed: 7, functions: image, program) }
/// catch let late as TimeLimitReached { print(late) }
/// // not over after 24h: master (the program) waits for call 9 poll
/// ```
public struct TimeLimitReached: Error, Hashable, Sendable {
    public let limit: Duration
    /// What contexts waited for at that time, in the order in which they were started. A sleep is something of their
    /// own.
    public let waits: [Hang.Wait]
    /// Tasks that were begun and left, and had not ended.
    public let tasks: [Remains]

    init(limit: Duration, _ standstill: Hang) {
        self.limit = limit
        (waits, tasks) = (standstill.waits, standstill.tasks)
    }
}

extension TimeLimitReached: CustomStringConvertible {
    /// One line: the limit, and who waited for what.
    public var description: String {
        let who = Hang(at: .start + limit, waits: waits, tasks: tasks).whoWaits
        return "not over after \(limit)" + (who.isEmpty ? "" : ": \(who)")
    }
}
