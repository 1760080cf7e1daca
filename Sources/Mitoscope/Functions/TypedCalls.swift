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
        let values = try function.values(repeat each argument, from: router)
        return try function.result(try await call(function.name, values, timeout: timeout), at: router)
    }

    /// Calls a function, and blocks this thread until it has its result.
    @discardableResult
    public func call<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) throws(MitoscopeError) -> Result {
        let values = try function.values(repeat each argument, from: router)
        return try function.result(try call(function.name, values, timeout: timeout), at: router)
    }

    /// Calls a function, without waiting: the receiver gets its result, or its failure. Dropping the receiver gives the
    /// call up.
    ///
    /// ```swift
    /// for try await usage in Select(hosts.map { $0.callAsync(diskUsage) }) { print(usage) }
    /// ```
    public func callAsync<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) -> Receiver<Result> {
        do throws(MitoscopeError) {
            var request = CallRequest(function.name, on: id, try function.values(repeat each argument, from: router))
            request.timeout = timeout
            return callAsync(request, of: function)
        } catch {
            return Receiver(failure: error, router: router)
        }
    }

    /// Calls a function by name, for a result of a type that this program knows.
    ///
    /// ```swift
    /// let free = try await web.call("disk.free", ["/srv"], as: Int.self)
    /// ```
    ///
    /// - Throws: `.call` when the function failed, `.stream` when its result is something else.
    public func call<Result: Decodable>(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], as type: Result.Type,
        timeout: Duration? = nil
    ) async throws(MitoscopeError) -> Result {
        let value: Value = try await call(function, arguments, keywords: keywords, timeout: timeout)
        return try router.decoded(type, from: value, of: "the result of \(function)")
    }

    /// Calls a function by name, and blocks this thread until it has its result, of a type that this program knows.
    public func call<Result: Decodable>(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], as type: Result.Type,
        timeout: Duration? = nil
    ) throws(MitoscopeError) -> Result {
        let value: Value = try call(function, arguments, keywords: keywords, timeout: timeout)
        return try router.decoded(type, from: value, of: "the result of \(function)")
    }

    /// Calls a function by name and wants no answer, without waiting. A failure is logged by the context that was
    /// called; nobody is told when it cannot be reached.
    public func callNoReply(_ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = []) {
        var request = CallRequest(function, on: id, arguments)
        request.keywords = keywords
        post(request)
    }

    /// Calls a function and wants no answer, without waiting. Throws `.argument` when an argument cannot travel.
    public func callNoReply<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument
    ) throws(MitoscopeError) {
        post(CallRequest(function.name, on: id, try function.values(repeat each argument, from: router)))
    }
}

// MARK: Requests

extension Context {
    /// Begins a call; its receiver gets the result as what it is to the function.
    func callAsync<Result, each Argument>(
        _ request: CallRequest, of function: RemoteFunction<Result, repeat each Argument>
    ) -> Receiver<Result> {
        callAsync(request).map { [router] value throws(MitoscopeError) in try function.result(value, at: router) }
    }

    /// Sends a call whose answer nobody wants.
    func post(_ request: CallRequest) {
        var request = request
        request.isNoReply = true
        router.world.perform(.call(request), as: CommandID.next()) { _ in }
    }
}

extension Receiver {
    /// A receiver of one failure, of what could not be asked for.
    init(failure: MitoscopeError, router: Router) {
        let reception = Reception(router: router)
        reception.end(with: .failure(failure))
        self.init(reception: reception) { _, _ throws(MitoscopeError) in throw failure }
    }
}
