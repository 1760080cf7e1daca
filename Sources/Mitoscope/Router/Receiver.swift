public import MitoCore

/// Where messages come in, or the answer to something that was asked for: a queue that one takes from by waiting.
///
/// It is an async sequence, which ends quietly when the other side closes or is lost; `get` says why instead. What has
/// come in already is handed out without suspending. Taking is possible from any number of tasks and threads; each
/// item goes to one of them.
///
/// ```swift
/// let numbers = try await Receiver(router).values
/// try await web.call("tail", [100, numbers.sender().value])
/// for try await number in numbers { print(number) }
/// ```
///
/// When no copy of a receiver is left, its handle is closed, and a call whose answer it waits for is given up.
public struct Receiver<Item: Sendable>: Sendable {
    let reception: Reception
    let read: @Sendable (Reception.Arrival, Router) throws(MitoscopeError) -> Item

    /// Suspends this task until something comes in.
    ///
    /// - Throws: `.channel` for a dead message, for a closed receiver, and when nothing more can come; `.timeout` when
    ///   nothing came in time, for which zero means not to wait; `.cancelled` when this task is. What cannot be read
    ///   is `.stream`; an answer that is a function's failure is `.call`.
    public func get(timeout: Duration? = nil) async throws(MitoscopeError) -> Item {
        try open(try await reception.arrivals.get(timeout: timeout))
    }

    /// Blocks this thread until something comes in; fails as the async form does.
    public func get(timeout: Duration? = nil) throws(MitoscopeError) -> Item {
        try open(try reception.arrivals.get(timeout: timeout, from: reception.router.world))
    }

    /// The next item, or nil when the other side has closed or is lost, or this receiver is closed.
    public func next() async throws(MitoscopeError) -> Item? {
        do throws(MitoscopeError) {
            return try await get()
        } catch {
            guard error.code == .channel else { throw error }
            return nil
        }
    }

    /// The next item, or nil, for a thread that may block.
    public func next() throws(MitoscopeError) -> Item? {
        do throws(MitoscopeError) {
            return try get()
        } catch {
            guard error.code == .channel else { throw error }
            return nil
        }
    }

    /// How many items have come in and were not taken. Throws `.channel` when none are left and none will come.
    public var count: Int { get throws(MitoscopeError) { try reception.arrivals.count } }

    /// Takes nothing in any more: what waits is lost, and whoever waits gets a `.channel` error. Nobody is told; a
    /// message that comes later, and asks for an answer, is answered `invalid handle`. Closing again does nothing.
    public func close() { reception.close() }

    /// The number by which others reach this receiver; nil when it is for the answer to a call, and after the end.
    public var handle: Handle? { reception.handle }

    /// What others send to this receiver with, from wherever they can reach this context. Throws `.usage` when there is
    /// no handle to send to.
    public func sender() throws(MitoscopeError) -> Sender {
        guard let handle else { throw MitoscopeError(.usage, "this Receiver has no handle that others could send to") }
        return Sender(to: reception.router.myself, handle: handle)
    }

    /// The same receiver, whose items are made into something else as they are taken. So receivers of different things
    /// can be members of one `Select`.
    public func map<Other: Sendable>(
        _ transform: @escaping @Sendable (Item) throws(MitoscopeError) -> Other
    ) -> Receiver<Other> {
        Receiver<Other>(reception: reception) { [read] arrival, router throws(MitoscopeError) in
            try transform(try read(arrival, router))
        }
    }

    /// How many wait for something to come in.
    package var sleeperCount: Int { reception.arrivals.sleeperCount }

    func open(_ arrival: Reception.Arrival) throws(MitoscopeError) -> Item {
        reception.took(arrival)
        return try read(arrival, reception.router)
    }
}

extension Receiver: Equatable {
    /// Two are equal when they take from one queue.
    public static func == (a: Receiver, b: Receiver) -> Bool { a.reception === b.reception }
}

// MARK: Receivers of messages

extension Receiver where Item == ReceivedMessage {
    /// Opens a receiver.
    ///
    /// - Parameters:
    ///   - router: the one whose context receives.
    ///   - handle: a number from 1 to 998 that nothing else uses; nil = one that was never used.
    ///   - persist: false for one message only.
    ///   - respondent: the only context that may send, apart from dead messages; when it is lost, so is the handle.
    ///   - policy: who may send; what it refuses is answered `refused by policy`.
    ///   - bytesMax: how much may wait to be taken. What comes then is refused with `queue full`, and whoever reads
    ///     gets a `.stream` error in its place.
    /// - Throws: `.usage` when the handle is not to be had, or `respondent` belongs to another router; `.shutdown` when
    ///   the router has ended.
    public init(
        _ router: Router, handle: Handle? = nil, persist: Bool = true, respondent: Context? = nil,
        policy: Policy = .anyone, bytesMax: Int = 256 * 1024 * 1024
    ) async throws(MitoscopeError) {
        let reception = Reception(router: router, bytesMax: bytesMax)
        let opening = try HandleOpening(router, handle, persist, respondent, policy)
        _ = try await reception.open(opening).wait().get()
        self.init(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.message(router) }
    }

    /// Opens a receiver from a thread that may block.
    public init(
        _ router: Router, handle: Handle? = nil, persist: Bool = true, respondent: Context? = nil,
        policy: Policy = .anyone, bytesMax: Int = 256 * 1024 * 1024
    ) throws(MitoscopeError) {
        let reception = Reception(router: router, bytesMax: bytesMax)
        let opening = try HandleOpening(router, handle, persist, respondent, policy)
        _ = try router.wait(for: reception.open(opening)).get()
        self.init(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.message(router) }
    }

    /// The same receiver, of the values in the messages.
    public var values: Receiver<Value> {
        Receiver<Value>(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.value(router) }
    }

    /// Suspends this task until a message comes in. With `throwDead` false, a dead one is returned like any other.
    public func get(timeout: Duration? = nil, throwDead: Bool) async throws(MitoscopeError) -> ReceivedMessage {
        guard !throwDead else { return try await get(timeout: timeout) }
        return try whole(try await reception.arrivals.get(timeout: timeout))
    }

    /// Blocks this thread until a message comes in. With `throwDead` false, a dead one is returned like any other.
    public func get(timeout: Duration? = nil, throwDead: Bool) throws(MitoscopeError) -> ReceivedMessage {
        guard !throwDead else { return try get(timeout: timeout) }
        return try whole(try reception.arrivals.get(timeout: timeout, from: reception.router.world))
    }

    private func whole(_ arrival: Reception.Arrival) throws(MitoscopeError) -> ReceivedMessage {
        reception.took(arrival)
        return try arrival.message(reception.router, throwDead: false)
    }
}

// MARK: As a sequence

extension Receiver: AsyncSequence {
    public func makeAsyncIterator() -> Iterator { Iterator(receiver: self) }

    /// One pass over what comes in.
    public struct Iterator: AsyncIteratorProtocol {
        let receiver: Receiver

        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(MitoscopeError) -> Item? {
            try await receiver.next()
        }
    }
}

// MARK: What an arrival says

extension Reception.Arrival {
    func message(_ router: Router, throwDead: Bool = true) throws(MitoscopeError) -> ReceivedMessage {
        switch self {
        case .message(let message):
            let received = ReceivedMessage(message, router: router)
            if throwDead { try received.checkAlive() }
            return received
        case .failure(let error): throw error
        case .value, .news: preconditionFailure("a receiver of messages gets nothing else")
        }
    }

    func value(_ router: Router) throws(MitoscopeError) -> Value {
        if case .value(let value) = self { return value }
        return try message(router).value()
    }

    func event(_ router: Router) throws(MitoscopeError) -> Router.Event {
        switch self {
        case .news(let news): return Router.Event(news, router)
        case .failure(let error): throw error
        case .message, .value: preconditionFailure("a receiver of events gets nothing else")
        }
    }
}
