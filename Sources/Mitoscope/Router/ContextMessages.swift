public import MitoCore

/// What is sent to a context beside calls. Sends and calls of one router leave in the order of asking.
extension Context {
    /// Sends a payload to a handle there, without waiting. Nobody is told when it does not arrive.
    public func send(_ payload: Payload, to handle: Handle) {
        router.route(Message(payload, to: id, handle: handle))
    }

    /// Sends a payload and asks for an answer, without waiting: the receiver gets it, or a dead message with the reason
    /// why there will be none.
    ///
    /// - Parameters:
    ///   - payload: what the message holds.
    ///   - handle: the receiver of that context.
    ///   - persist: true for as many answers as come; the receiver is then open until it is closed or dropped.
    public func sendAsync(
        _ payload: Payload, to handle: Handle, persist: Bool = false
    ) -> Receiver<ReceivedMessage> {
        let reception = Reception(router: router)
        reception.send(Message(payload, to: id, handle: handle), persist: persist)
        return Receiver(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.message(router) }
    }

    /// Sends a payload and waits for the answer. Past `timeout`, and when this task is cancelled, a late answer is
    /// dropped.
    public func sendAwait(
        _ payload: Payload, to handle: Handle, timeout: Duration? = nil
    ) async throws(MitoscopeError) -> ReceivedMessage {
        try await sendAsync(payload, to: handle).get(timeout: timeout)
    }

    /// Sends a payload and blocks this thread until the answer is there.
    public func sendAwait(
        _ payload: Payload, to handle: Handle, timeout: Duration? = nil
    ) throws(MitoscopeError) -> ReceivedMessage {
        try sendAsync(payload, to: handle).get(timeout: timeout)
    }

    /// Calls a function by name, without waiting: the receiver gets its result, or its failure. Dropping the receiver
    /// gives the call up.
    public func callAsync(
        _ function: String, _ arguments: [Value] = [], keywords: [Value.Pair] = [], timeout: Duration? = nil
    ) -> Receiver<Value> {
        var request = CallRequest(function, on: id, arguments)
        request.keywords = keywords
        request.timeout = timeout
        return callAsync(request)
    }

    /// Begins a call; its receiver gets the result.
    package func callAsync(_ request: CallRequest) -> Receiver<Value> {
        let reception = Reception(router: router)
        reception.perform(.call(request), path: path)
        return Receiver(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.value(router) }
    }

    /// Asks this context, and all below it, to end, without waiting: the receiver gets None when it is gone.
    ///
    /// ```swift
    /// let gone = web.shutdownAsync()
    /// try await gone.get(timeout: .seconds(5))
    /// ```
    public func shutdownAsync() -> Receiver<Value> {
        let reception = Reception(router: router)
        reception.perform(.end(id), path: path)
        return Receiver(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.value(router) }
    }

    /// The loss of this context, once: its end, its crash, or that of a context on the way to it. At once when it is
    /// known to be gone. Elsewhere than in the root, the loss of what is not below is told only to contexts that have
    /// sent something there.
    ///
    /// ```swift
    /// for try await _ in web.disconnect { print("web is gone") }
    /// ```
    public var disconnect: Receiver<Router.Event> {
        let reception = Reception(router: router)
        reception.watch(
            once: true,
            already: { [id] agent in agent.node.route(to: id) == nil && agent.node.identity?.id != id ? .lost(id) : nil
            },
            wanted: { [id] in $0 == .lost(id) })
        return Receiver(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.event(router) }
    }
}

extension Context: Hashable {
    /// Two contexts are equal when they are the same one of the same router: equal ids in two routers are two contexts.
    public static func == (a: Context, b: Context) -> Bool { a.id == b.id && a.router == b.router }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
