public import MitoCore

/// Where one context lives, as its program sees it: a real process, or a node under virtual time. It is what a `Router`
/// stands on.
///
/// A world owns an `Agent` and the `Desk` beside it, and takes turns: facts, jobs, then what follows from them.
///
/// ```swift
/// world.submit("a command") { agent, desk, now in
///     desk.perform(.call(request), as: id, on: &agent, at: now) { result in print(result) }
/// }
/// ```
public protocol World: AnyObject, Sendable {
    /// Work on the context: it runs on the world's own turn, and must not wait.
    typealias Work = @Sendable (inout Agent, inout Desk, Instant) -> Void

    /// Runs `job` after everything that was submitted before, from whatever thread or task: one order for all that a
    /// program asks.
    ///
    /// - Parameters:
    ///   - label: what to call it in the log, should it take long.
    ///   - job: what is done.
    /// - Returns: false when the context has ended; the job will not run.
    @discardableResult
    func submit(_ label: StaticString, _ job: @escaping Work) -> Bool

    /// Submits a job, and blocks this thread until the answer has come that it leads to. A world may take its own turns
    /// on this thread meanwhile.
    ///
    /// - Returns: false when the context has ended; the job will not run.
    func submit(_ label: StaticString, awaiting arrival: Arrival, _ job: @escaping Work) -> Bool

    /// What a thread of the program parks with while it waits for what this world brings. A world may take its own
    /// turns on that thread meanwhile.
    var parker: any Parker { get }

    /// The world's time.
    var now: Instant { get }
}

extension World {
    public func submit(_ label: StaticString, awaiting arrival: Arrival, _ job: @escaping Work) -> Bool {
        guard submit(label, job) else { return false }
        let parker = Parkers.current
        while !arrival.hasHappened(orUnpark: parker) { parker.park(timeout: nil) }
        return true
    }

    public var parker: any Parker { Parkers.current }

    /// Blocks this thread until the answer is there.
    func wait<Success>(for answer: Answer<Success>) -> Success {
        let parker = parker
        while true {
            if let value = answer.wait(timeout: nil, with: parker) { return value }
        }
    }

    /// Runs a job that needs the agent only.
    @discardableResult
    public func submit(
        _ label: StaticString = "a submitted job", _ job: @escaping @Sendable (inout Agent, Instant) -> Void
    ) -> Bool {
        submit(label) { agent, _, now in job(&agent, now) }
    }

    /// Runs code on the broker's loop, after everything that was asked for before, and waits for its result.
    ///
    /// Nothing else happens to the context meanwhile: it is for what takes microseconds and never waits.
    /// Throws what `body` throws, or `.shutdown` when the context has ended.
    public func run<Success: Sendable>(
        _ body: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        try await result(of: body).wait().get()
    }

    /// Runs code on the broker's loop, and blocks this thread until it has its result.
    public func run<Success: Sendable>(_ body: @escaping @Sendable () throws -> Success) throws -> Success {
        Blocking.check()
        return try wait(for: result(of: body)).get()
    }

    private func result<Success: Sendable>(
        of body: @escaping @Sendable () throws -> Success
    ) -> Answer<Result<Success, any Error>> {
        let answer = Answer<Result<Success, any Error>>()
        let isTaken = submit("code of the program") { _, _, _ in answer.give(Result(catching: body)) }
        if !isTaken { answer.give(.failure(MitoscopeError.ended)) }
        return answer
    }

    /// Carries out a command; `completion` is called exactly once.
    package func perform(_ command: Command, as id: CommandID, completion: @escaping Desk.Completion) {
        let isTaken = submit("a command") { agent, desk, now in
            desk.perform(command, as: id, on: &agent, at: now, completion: completion)
        }
        if !isTaken { completion(command.resultAtTheEnd) }
    }

    /// Carries out a command, and blocks this thread until it has completed.
    package func perform(_ command: Command, as id: CommandID) -> Result<MitoCore.Value, MitoscopeError> {
        let answer = Answer<Result<MitoCore.Value, MitoscopeError>>()
        let arrival = Arrival()
        let isTaken = submit("a command", awaiting: arrival) { agent, desk, now in
            desk.perform(command, as: id, on: &agent, at: now) {
                answer.give($0)
                arrival.happen()
            }
        }
        return isTaken ? answer.wait() : command.resultAtTheEnd
    }

    /// Gives a command up: it completes as cancelled, unless it has completed before or is not known.
    package func cancel(_ id: CommandID) {
        submit("a cancellation") { agent, desk, now in desk.cancel(id, on: &agent, at: now) }
    }
}

/// What a program asks of a world.
///
/// ```swift
/// desk.perform(.call(CallRequest("echo", on: web, [1])), as: id, on: &agent, at: now) { result in print(result) }
/// ```
public enum Command: Hashable, Sendable {
    /// Calls a function; completes with its result.
    case call(CallRequest)
    /// Starts a context; completes with `Value.context`.
    case connect(ConnectRequest)
    /// Ends one context and all below it; completes with none when it is gone.
    case end(ContextID)
    /// Leaves the parent: completes with none when this context stands alone.
    case detach
    /// Ends this world, children first; completes with none when all is closed.
    case shutdown
    /// Asks one of our own contexts something out of the program's hearing; completes with its answer.
    case supervise(ContextID, SupervisorCommand, timeout: Duration)
}

/// One command in progress. Ids of one world grow in the order of asking and are never used twice.
///
/// ```swift
/// world.perform(.end(web), as: CommandID(7)) { result in print(result) }
/// world.cancel(CommandID(7))                      // unless it has completed
/// ```
public struct CommandID: Hashable, Comparable, Sendable {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
    public static func < (a: CommandID, b: CommandID) -> Bool { a.rawValue < b.rawValue }
}

extension Command {
    /// How it completes where the context has ended before.
    fileprivate var resultAtTheEnd: Result<Value, MitoscopeError> {
        self == .shutdown ? .success(.none) : .failure(.ended)
    }
}

extension Command: CustomStringConvertible {
    /// What is asked, for people: `call 3 echo`, `connect web`, `end of 3`, `shutdown`.
    public var description: String {
        switch self {
        case .call(let request): "call \(request.context) \(request.function)"
        case .connect(let request): "connect \(request.name ?? request.method)"
        case .end(let context): "end of \(context)"
        case .detach: "detach"
        case .shutdown: "shutdown"
        case .supervise(let context, _, _): "question to \(context)"
        }
    }
}
