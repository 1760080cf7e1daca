public import MitoCore

/// What a function does when it is called, and where.
///
/// ```swift
/// let body = FunctionBody.async { context, call in try await context.router.local(name: "helper").id }
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
}

/// A call whose body is the program's own code, to be run by the driver, which then says `Agent.finished`.
public struct Performance: Sendable {
    /// The function that was called, and by whom.
    public let invocation: Invocation
    let identity: Identity
    /// Where it wants to run; never `.steps`.
    public let body: FunctionBody

    /// Runs an inline or a blocking body on this thread.
    public func run(router: Router) -> Result<Value, FunctionError> {
        let context = CallContext(router: router, identity: identity, invocation: invocation)
        do {
            switch body {
            case .inline(let code), .blocking(let code): return .success(try code(context, invocation))
            case .async, .steps: preconditionFailure("this body runs as a task or in its agent")
            }
        } catch {
            return .failure(FunctionError(thrown: error))
        }
    }

    /// Runs an async body in this task.
    public func run(router: Router) async -> Result<Value, FunctionError> {
        guard case .async(let code) = body else { preconditionFailure("this body does not run as a task") }
        let context = CallContext(router: router, identity: identity, invocation: invocation)
        do {
            return .success(try await code(context, invocation))
        } catch {
            return .failure(FunctionError(thrown: error))
        }
    }
}

extension FunctionError {
    /// Any error of the program, as its caller will read it.
    init(thrown error: any Error) {
        self = error as? FunctionError ?? FunctionError(type: "\(Swift.type(of: error))", message: "\(error)")
    }
}
