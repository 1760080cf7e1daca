public import MitoCore

/// Code that is called with each message of a handle.
extension Router {
    /// What a handler is called with each message of its handle; dead ones too, of which the last may come from here.
    /// It runs on the broker's loop, as all inline code: for what takes microseconds and never waits. What it throws
    /// is logged.
    public typealias Handler = @Sendable (ReceivedMessage) throws -> Void

    /// Has `handler` called with each message to a handle. A `Receiver` is the better choice for whatever waits.
    ///
    /// ```swift
    /// let handle = try await router.addHandler(policy: .parentAuthority) { try $0.reply("pong") }
    /// try await router.removeHandler(handle)
    /// ```
    ///
    /// - Parameters:
    ///   - handle: a number from 1 to 998 that nothing else uses; nil = one that was never used.
    ///   - persist: false for one message only.
    ///   - respondent: the only context that may send, apart from dead messages; when it is lost, so is the handle.
    ///   - policy: who may send; what it refuses is answered `refused by policy`.
    ///   - handler: is given each message, on the loop, and must not wait.
    /// - Returns: the handle.
    /// - Throws: `.usage` when the handle is not to be had, or `respondent` belongs to another router; `.shutdown` when
    ///   the router has ended.
    @discardableResult
    public func addHandler(
        handle: Handle? = nil, persist: Bool = true, respondent: Context? = nil, policy: Policy = .anyone,
        _ handler: @escaping Handler
    ) async throws(MitoscopeError) -> Handle {
        let opening = try HandleOpening(self, handle, persist, respondent, policy)
        return try await open(opening, handler).wait().get()
    }

    /// Has `handler` called with each message to a handle; blocks this thread until it is in its place.
    @discardableResult
    public func addHandler(
        handle: Handle? = nil, persist: Bool = true, respondent: Context? = nil, policy: Policy = .anyone,
        _ handler: @escaping Handler
    ) throws(MitoscopeError) -> Handle {
        let opening = try HandleOpening(self, handle, persist, respondent, policy)
        return try wait(for: open(opening, handler)).get()
    }

    /// Takes a handler away; its handle may then be used again. Throws `.usage` when there is none.
    public func removeHandler(_ handle: Handle) async throws(MitoscopeError) { try await remove(handle).wait().get() }

    /// Takes a handler away, and blocks this thread until that is done.
    public func removeHandler(_ handle: Handle) throws(MitoscopeError) { try wait(for: remove(handle)).get() }

    private func open(
        _ opening: HandleOpening, _ handler: @escaping Handler
    ) -> Answer<Result<Handle, MitoscopeError>> {
        let answer = Answer<Result<Handle, MitoscopeError>>()
        let isTaken = world.submit("a new handler") { [self] agent, desk, now in
            do throws(HandleError) {
                let handle = try desk.openReceiver(opening, on: &agent, at: now) { [self] message in
                    if let message { perform(handler, with: message) }
                }
                answer.give(.success(handle))
            } catch {
                answer.give(.failure(MitoscopeError(error)))
            }
        }
        if !isTaken { answer.give(.failure(.ended)) }
        return answer
    }

    private func perform(_ handler: Handler, with message: Message) {
        do {
            try handler(ReceivedMessage(message, router: self))
        } catch {
            let record = LogRecord(
                logger: "mitoscope", level: 40, message: "the handler of \(message.handle) failed: \(error)")
            world.submit("a handler's failure") { agent, _, now in agent.node.log(record, at: now) }
        }
    }

    private func remove(_ handle: Handle) -> Answer<Result<Void, MitoscopeError>> {
        let answer = Answer<Result<Void, MitoscopeError>>()
        let isTaken = world.submit("the end of a handler") { agent, desk, now in
            let isGone = desk.closeReceiver(handle, on: &agent, at: now)
            answer.give(isGone ? .success(()) : .failure(MitoscopeError(.usage, "there is no handler of \(handle)")))
        }
        if !isTaken { answer.give(.failure(.ended)) }
        return answer
    }
}

extension HandleOpening {
    /// A handle of `router`, whose respondent must be a context of the same.
    init(
        _ router: Router, _ handle: Handle?, _ persist: Bool, _ respondent: Context?, _ policy: Policy
    ) throws(MitoscopeError) {
        self.init()
        self.handle = handle
        isPersistent = persist
        self.policy = policy
        self.respondent = try respondent.map { context throws(MitoscopeError) in try router.checked(context).id }
    }
}
