public import MitoCore

extension Context {
    /// Calls a function and waits for its result. Past `timeout` it fails as `.timeout`, and the function goes on; so
    /// it does when this task is cancelled.
    ///
    /// - Throws: `.call` when the function failed, with a `CallError` as its cause; `.channel` when the context is gone
    ///   or refuses; `.argument` when an argument cannot travel, `.stream` when the result is not a `Result`.
    @discardableResult
    public func call<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) async throws(MitoscopeError) -> Result {
        let values = try function.values(repeat each argument)
        return try function.result(try await call(function.name, values, timeout: timeout))
    }

    /// Calls a function, and blocks this thread until it has its result.
    @discardableResult
    public func call<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) throws(MitoscopeError) -> Result {
        try function.result(try call(function.name, try function.values(repeat each argument), timeout: timeout))
    }
}
