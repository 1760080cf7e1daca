public import MitoCore

/// Where contexts live: real processes, or nodes under virtual time. A world is what a `Router` asks.
///
/// A world keeps a `CommandTable` beside its root's agent, which does all but the moving:
///
/// ```swift
/// func perform(_ command: Command, as id: CommandID, completion: @escaping Completion) {
///     let isAccepted = submit { agent, now in
///         commands.perform(command, as: id, on: &agent, at: now, completion: completion)
///     }
///     if !isAccepted { completion(.failure(.ended)) }
/// }
/// func cancel(_ id: CommandID) { submit { agent, now in commands.cancel(id, on: &agent, at: now) } }
/// ```
public protocol World: AnyObject, Sendable {
    /// What is told how a command ended: exactly once, on a thread of the world's choosing, which it must not hold up.
    typealias Completion = @Sendable (Result<Value, MitoscopeError>) -> Void

    /// Carries out a command. Commands, from whatever threads, are carried out in the order of these calls.
    func perform(_ command: Command, as id: CommandID, completion: @escaping Completion)

    /// Gives a command up: it completes as cancelled, unless it has completed before or is not known.
    func cancel(_ id: CommandID)
}

/// What a program asks of a world.
///
/// ```swift
/// world.perform(.call(CallRequest("echo", on: web, [1])), as: id) { result in print(result) }
/// ```
public enum Command: Hashable, Sendable {
    /// Calls a function; completes with its result.
    case call(CallRequest)
    /// Starts a context; completes with `Value.context`.
    case connect(ConnectRequest)
    /// Ends one context and all below it; completes with none when it is gone.
    case end(ContextID)
    /// Ends this world, children first; completes with none when all is closed.
    case shutdown
}

/// One command in progress. Ids of one world grow in the order of asking and are never used twice.
public struct CommandID: Hashable, Comparable, Sendable {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
    public static func < (a: CommandID, b: CommandID) -> Bool { a.rawValue < b.rawValue }
}
