import MitoCore

// What a call has to do with the function that makes it.

extension Command {
    /// A call from within a function waits no longer than that function's caller does.
    func limited(by world: any World) -> Command {
        guard case .call(let request) = self, let deadline = CallContext.deadline else { return self }
        return .call(request.limited(to: deadline, at: world.now))
    }
}

extension CallRequest {
    /// The same call, given up at `deadline` at the latest.
    func limited(to deadline: Instant, at now: Instant) -> CallRequest {
        let left = max(.zero, deadline - now)
        var request = self
        request.timeout = timeout.map { min($0, left) } ?? left
        return request
    }
}

extension MitoscopeError {
    /// The answer to a command, for whoever gave it: with the way to the context that was asked, and for a failed
    /// function with its name.
    func answering(_ command: Command, path: [ContextID]) -> MitoscopeError {
        var error = self
        if error.path.isEmpty { error.path = path }
        if code == .call, case .call(let request) = command {
            error.cause = CallError(message, function: request.function, in: request.context)
        }
        return error
    }
}
