public import MitoCore

/// What a function does when it is called, and where.
///
/// ```swift
/// let body = FunctionBody.async { context, call in try await context.router.local(name: "helper").call("whoami") }
/// ```
public enum FunctionBody: Sendable {
    /// Steps that the context's agent performs by itself, in every world alike.
    case steps(@Sendable (Invocation, Identity) throws(FunctionError) -> [Step])
    /// Code that runs on the broker's loop: for what takes microseconds and never waits.
    case inline(@Sendable (CallContext, Invocation) throws -> Value)
    /// Code that may block: it runs on the thread that the context keeps for functions.
    case blocking(@Sendable (CallContext, Invocation) throws -> Value)
    /// Code that may suspend: a task on the thread that the context keeps for functions.
    case async(@Sendable (CallContext, Invocation) async throws -> Value)

    /// Where code that does not suspend runs.
    public enum Placement: Sendable {
        /// On the thread that the context keeps for functions, where it may block.
        case blocking
        /// On the broker's loop, which does nothing else meanwhile.
        case inline
    }
}

/// A call whose body is the program's own code, to be run by the driver, which then says `Agent.finished`.
///
/// ```swift
/// case .async:
///     let task = Task { end(await performance.run(router: router)) }
///     performance.whenCancelled { task.cancel() }
/// ```
public struct Performance: Sendable {
    /// The function that was called, and by whom.
    public let invocation: Invocation
    let identity: Identity
    /// Where it wants to run; never `.steps`.
    public let body: FunctionBody
    let cancellation = Cancellation()

    /// Runs an inline or a blocking body on this thread.
    public func run(router: Router) -> Result<Value, FunctionError> {
        do {
            switch body {
            case .inline(let code), .blocking(let code):
                guard let deadline = invocation.deadline else { return .success(try code(context(router), invocation)) }
                return .success(
                    try CallContext.$deadline.withValue(deadline) { try code(context(router), invocation) })
            case .async, .steps: preconditionFailure("this body runs as a task or in its agent")
            }
        } catch {
            return .failure(FunctionError(thrown: error))
        }
    }

    /// Runs an async body in this task.
    public func run(router: Router) async -> Result<Value, FunctionError> {
        guard case .async(let code) = body else { preconditionFailure("this body does not run as a task") }
        do {
            guard let deadline = invocation.deadline else {
                return .success(try await code(context(router), invocation))
            }
            return .success(
                try await CallContext.$deadline.withValue(deadline) { try await code(context(router), invocation) })
        } catch {
            return .failure(FunctionError(thrown: error))
        }
    }

    /// Runs `body` when the context begins to end before the function has ended.
    public func whenCancelled(_ body: @escaping @Sendable () -> Void) { cancellation.whenCancelled(body) }

    private func context(_ router: Router) -> CallContext {
        CallContext(router: router, identity: identity, invocation: invocation, cancellation: cancellation)
    }
}
