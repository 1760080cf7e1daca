public import MitoCore

/// A context in the tree, as the program knows it: call its functions, end it.
///
/// ```swift
/// let sum = try await context.call(BuiltInFunctions.add, [2, 3], timeout: .seconds(5))
/// let name = try context.call("whoami")           // blocks this thread: not inside a task
/// try await context.shutdown()
/// ```
public struct Context: Sendable {
    public let id: ContextID
    /// The name that the program gave it; one without is called after its method and process in logs and traces.
    public let name: String?
    /// The contexts on the way from the router to this one, this one last.
    public let path: [ContextID]
    /// The router that it was made by.
    public let router: Router

    /// The context that travelled as `value`; nil when that is none.
    public init?(_ value: Value, router: Router) {
        guard case .context(let id, let name) = value else { return nil }
        self = router.contextByID(id, name: name?.string)
    }

    /// What travels. Of a name, no more than anybody reads.
    public var value: Value {
        .context(id, name: name.map { Text(String(String.UnicodeScalarView($0.unicodeScalars.prefix(500)))) })
    }

    init(id: ContextID, name: String?, path: [ContextID], router: Router) {
        self.id = id
        self.name = name
        self.path = path
        self.router = router
    }

    init(_ value: Value, via: Context?, router: Router) {
        guard case .context(let id, let name) = value else {
            preconditionFailure("a world answers a connect command with a context, not with \(value)")
        }
        self.id = id
        self.name = name?.string
        self.path = (via?.path ?? []) + [id]
        self.router = router
    }

    /// Calls a function by name and waits for its result. Past `timeout` it fails as `.timeout`, and the function
    /// goes on; so it does when this task is cancelled.
    @discardableResult
    public func call(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) async throws(MitoscopeError) -> Value {
        try await router.perform(.call(request(function, arguments, keywords, timeout)), path: path)
    }

    /// Calls a function by name, and blocks this thread until it has its result.
    @discardableResult
    public func call(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) throws(MitoscopeError) -> Value {
        try router.perform(.call(request(function, arguments, keywords, timeout)), path: path)
    }

    /// Calls a function that this program knows too.
    @discardableResult
    public func call(
        _ function: ValueFunction, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) async throws(MitoscopeError) -> Value {
        try await call(function.name, arguments, keywords: keywords, timeout: timeout)
    }

    /// Calls a function that this program knows too, and blocks this thread until it has its result.
    @discardableResult
    public func call(
        _ function: ValueFunction, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) throws(MitoscopeError) -> Value {
        try call(function.name, arguments, keywords: keywords, timeout: timeout)
    }

    /// Ends this context and all below it; returns when it is gone, at once when it was gone before.
    public func shutdown() async throws(MitoscopeError) { _ = try await router.perform(.end(id), path: path) }

    /// Ends this context and all below it, and blocks this thread until it is gone.
    public func shutdown() throws(MitoscopeError) { _ = try router.perform(.end(id), path: path) }

    private func request(
        _ function: String, _ arguments: [Value], _ keywords: [Value.Pair], _ timeout: Duration?
    ) -> CallRequest {
        var request = CallRequest(function, on: id, arguments)
        request.keywords = keywords
        request.timeout = timeout
        return request
    }
}
