import MitoCore
import Synchronization

/// What came in for one receiver and was not taken yet, and what it came in on: a handle, a command in progress, or
/// the news of the tree. When nobody holds it any more, its handle is closed and its command given up.
final class Reception: Sendable {
    /// One thing that came in.
    enum Arrival: Sendable {
        case message(Message)
        /// The result of a call.
        case value(Value)
        case news(Desk.News)
        case failure(MitoscopeError)
    }

    private enum Origin {
        case handle(Handle)
        case command(CommandID)
        case none
    }

    let router: Router
    let arrivals = Latch<Arrival>()
    private let origin = Mutex(Origin.none)
    private let bytesMax: Int
    /// Roughly what waits to be taken, and whether something was refused since there last was room.
    private let load = Mutex((bytes: 0, isOver: false))

    init(router: Router, bytesMax: Int = Reception.bytesMax) {
        self.router = router
        self.bytesMax = bytesMax
    }

    deinit { release() }

    /// The handle that messages come in on, while there is one.
    var handle: Handle? { origin.withLock { if case .handle(let handle) = $0 { handle } else { nil } } }

    /// Nothing comes in any more, and what waits is lost.
    func close() {
        arrivals.close(.receiverClosed)
        release()
    }

    /// Something was taken: there is room for its like.
    func took(_ arrival: Arrival) {
        load.withLock { load in
            load.bytes -= arrival.cost
            if load.bytes <= bytesMax / 2 { load.isOver = false }
        }
    }

    private func release() {
        let before = origin.withLock { origin in
            defer { origin = .none }
            return origin
        }
        switch before {
        case .handle(let handle):
            router.world.submit("the end of a receiver") { agent, desk, now in
                desk.closeReceiver(handle, on: &agent, at: now)
            }
        case .command(let id): router.world.cancel(id)
        case .none: break
        }
    }

    static let bytesMax = 256 * 1024 * 1024
}

// MARK: What it comes in on

extension Reception {
    /// Opens a handle. The answer is its number.
    func open(_ opening: HandleOpening) -> Answer<Result<Handle, MitoscopeError>> {
        let answer = Answer<Result<Handle, MitoscopeError>>()
        let isTaken = router.world.submit("the opening of a receiver") { [self] agent, desk, now in
            do throws(HandleError) {
                answer.give(.success(try open(opening, on: &agent, &desk, now)))
            } catch {
                answer.give(.failure(MitoscopeError(error)))
            }
        }
        if !isTaken { answer.give(.failure(.ended)) }
        return answer
    }

    /// Sends a message that asks for answers here: one, or as many as come when it is to persist.
    func send(_ message: Message, persist: Bool) {
        let isTaken = router.world.submit("a message") { [self] agent, desk, now in
            var opening = HandleOpening()
            opening.respondent = message.destination
            opening.isPersistent = persist
            guard let handle = try? open(opening, on: &agent, &desk, now) else {
                preconditionFailure("a handle that the node chooses itself is always to be had")
            }
            var message = message
            message.replyTo = handle
            agent.node.send(message, at: now)
        }
        if !isTaken { end(with: .failure(.ended)) }
    }

    /// Begins a command, whose result is the one thing to come in.
    func perform(_ command: Command, path: [ContextID]) {
        let command = command.limited(by: router.world)
        let id = CommandID.next()
        origin.withLock { $0 = .command(id) }
        router.world.perform(command, as: id) { [weak self] result in
            switch result {
            case .success(let value): self?.end(with: .value(value))
            case .failure(let error): self?.end(with: .failure(error.answering(command, path: path)))
            }
        }
    }

    /// Listens to the news that are `wanted`; with `once`, until the first of them.
    ///
    /// - Parameter already: what has happened before, so that nobody waits for it.
    func watch(
        once: Bool, already: @escaping @Sendable (Agent) -> Desk.News?,
        wanted: @escaping @Sendable (Desk.News) -> Bool
    ) {
        let id = CommandID.next()
        origin.withLock { $0 = .command(id) }
        let isTaken = router.world.submit("a watch") { [weak self] agent, desk, _ in
            if let news = already(agent) {
                self?.end(with: .news(news))
                return
            }
            desk.watch(as: id) { [weak self] news in
                guard let news else {
                    self?.finish(.newsOver)
                    return
                }
                guard wanted(news) else { return }
                if once { self?.end(with: .news(news)) } else { self?.accept(.news(news)) }
            }
        }
        if !isTaken { finish(.newsOver) }
    }

    private func open(
        _ opening: HandleOpening, on agent: inout Agent, _ desk: inout Desk, _ now: Instant
    ) throws(HandleError) -> Handle {
        let end = opening.isPersistent ? MitoscopeError.handleGone : .receiverUsed
        let handle = try desk.openReceiver(opening, on: &agent, at: now) { [weak self] message in
            if let message { self?.accept(.message(message)) } else { self?.finish(end) }
        }
        origin.withLock { $0 = .handle(handle) }
        return handle
    }

    private func accept(_ arrival: Arrival) {
        let (isTaken, isFirst) = load.withLock { load in
            guard load.bytes <= bytesMax - arrival.cost else {
                defer { load.isOver = true }
                return (false, !load.isOver)
            }
            load.bytes += arrival.cost
            return (true, false)
        }
        if isTaken {
            arrivals.offer(arrival)
        } else {
            // Whoever reads hears that something is missing, once for each time that it fell behind.
            if isFirst { arrivals.offer(.failure(.receiverFull)) }
            refuse(arrival)
        }
    }

    /// Whoever waits for an answer to a message that found no room is told.
    private func refuse(_ arrival: Arrival) {
        guard case .message(let message) = arrival, message.replyTo != .none, !message.isDead else { return }
        router.world.submit("a refusal") { agent, _, now in
            agent.node.send(
                .dead("queue full", to: message.source, from: message.destination, handle: message.replyTo), at: now)
        }
    }

    /// The last thing to come in.
    func end(with arrival: Arrival) {
        arrivals.offer(arrival)
        finish(.receiverUsed)
    }

    private func finish(_ error: MitoscopeError) {
        origin.withLock { $0 = .none }
        arrivals.finish(error)
    }
}

extension Reception.Arrival {
    /// What it counts for while it waits.
    fileprivate var cost: Int {
        if case .message(let message) = self { message.payload.count + Self.ownCost } else { Self.ownCost }
    }

    private static let ownCost = 64
}
