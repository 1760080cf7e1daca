public import MitoCore
import Synchronization

/// Calls to one context of which the first failure is that of all that follow: one can send them ahead without waiting
/// for each, and look at the last.
///
/// Once a call of a chain has failed, later ones, those on their way too, get the same error without being run, until
/// the chain is reset. Chains do not know of each other. A chain that is dropped is reset.
///
/// ```swift
/// let chain = try await CallChain(on: web)
/// try chain.callNoReply(makeFolder, "/srv/app")
/// try chain.callNoReply(unpack, archive, "/srv/app")
/// try await chain.call(start, "/srv/app")          // fails as makeFolder did, if that failed
/// ```
public final class CallChain: Sendable {
    /// Where its functions run.
    public let context: Context
    private let id: String
    private let isUsed = Atomic(false)

    /// Begins a chain. Throws `.shutdown` when the router has ended.
    public convenience init(on context: Context) async throws(MitoscopeError) {
        self.init(context, id: try await Self.id(context.router).wait().get())
    }

    /// Begins a chain, for a thread that may block.
    public convenience init(on context: Context) throws(MitoscopeError) {
        self.init(context, id: try context.router.wait(for: Self.id(context.router)).get())
    }

    private init(_ context: Context, id: String) {
        self.context = context
        self.id = id
    }

    deinit { if isUsed.load(ordering: .relaxed) { reset() } }

    /// Forgets the failure, without waiting: what was called before still gets it, what is called next is run.
    public func reset() { context.callNoReply("mitogen.core.Dispatcher.forget_chain", [.text(id)]) }

    /// Numbered by the desk, so that runs of one seed name their chains alike.
    private static func id(_ router: Router) -> Answer<Result<String, MitoscopeError>> {
        let answer = Answer<Result<String, MitoscopeError>>()
        let isTaken = router.world.submit("a chain of calls") { agent, desk, _ in
            answer.give(.success("\(agent.node.identity?.id ?? .master)-\(desk.makeChainNumber())"))
        }
        if !isTaken { answer.give(.failure(.ended)) }
        return answer
    }
}

// MARK: Calls, as those of a context

extension CallChain {
    /// Calls a function by name and waits for its result.
    @discardableResult
    public func call(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) async throws(MitoscopeError) -> Value {
        let request = request(function, arguments, keywords, timeout)
        return try await context.router.perform(.call(request), path: context.path)
    }

    /// Calls a function by name, and blocks this thread until it has its result.
    @discardableResult
    public func call(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) throws(MitoscopeError) -> Value {
        try context.router.perform(.call(request(function, arguments, keywords, timeout)), path: context.path)
    }

    /// Calls a function and waits for its result.
    @discardableResult
    public func call<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) async throws(MitoscopeError) -> Result {
        let values = try function.values(repeat each argument, from: context.router)
        return try function.result(try await call(function.name, values, timeout: timeout), at: context.router)
    }

    /// Calls a function, and blocks this thread until it has its result.
    @discardableResult
    public func call<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) throws(MitoscopeError) -> Result {
        let values = try function.values(repeat each argument, from: context.router)
        return try function.result(try call(function.name, values, timeout: timeout), at: context.router)
    }

    /// Calls a function by name, without waiting: the receiver gets its result, or its failure.
    public func callAsync(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) -> Receiver<Value> {
        context.callAsync(request(function, arguments, keywords, timeout))
    }

    /// Calls a function, without waiting: the receiver gets its result, or its failure.
    public func callAsync<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) -> Receiver<Result> {
        do throws(MitoscopeError) {
            let values = try function.values(repeat each argument, from: context.router)
            return context.callAsync(request(function.name, values, [], timeout), of: function)
        } catch {
            return Receiver(failure: error, router: context.router)
        }
    }

    /// Calls a function by name and wants no answer: a failure shows at the next call of this chain.
    public func callNoReply(_ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = []) {
        context.post(request(function, arguments, keywords, nil))
    }

    /// Calls a function and wants no answer. Throws `.argument` when an argument cannot travel.
    public func callNoReply<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument
    ) throws(MitoscopeError) {
        let values = try function.values(repeat each argument, from: context.router)
        context.post(request(function.name, values, [], nil))
    }

    private func request(
        _ function: String, _ arguments: [Value], _ keywords: [Value.Pair], _ timeout: Duration?
    ) -> CallRequest {
        isUsed.store(true, ordering: .relaxed)
        var request = CallRequest(function, on: context.id, arguments)
        request.keywords = keywords
        request.timeout = timeout
        request.chain = id
        return request
    }
}
