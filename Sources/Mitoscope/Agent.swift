public import MitoCore

/// A whole context as a value: a node and the functions it runs.
///
/// A driver feeds facts and commands to `node`, and drains `poll`, which is the node's with the functions' own work
/// taken care of: a function that sleeps, calls, streams or collects never holds the driver up. Like the node it has
/// no clock and does no I/O, so a copy fed the same facts does the same things.
///
/// ```swift
/// var agent = Agent(node: Node(childAwaiting: length), functions: BuiltInFunctions.all)
/// agent.node.received(bytes, on: .parent, at: now)
/// while let deed = agent.poll(at: now) { perform(deed) }
/// ```
public struct Agent: Sendable {
    public var node: Node

    private var functions: FunctionTable
    private var running: RunningFunction?
    private var inboxes = InboxTable()
    /// A `block` step that the driver has not been told of yet. One function runs, so there is one at most.
    private var block: Deed?
    /// Links on which more waits than their driver wants to hold.
    private var congested: Set<LinkID> = []

    /// A context that will run `functions`; of two with one name the later counts.
    public init(node: Node, functions: [RemoteFunction]) {
        self.node = node
        self.functions = FunctionTable(functions)
    }

    /// `deadline` has come.
    public mutating func expired(at now: Instant) {
        if let due = node.deadline, due <= now { node.expired(at: now) }
        guard let wake, wake <= now else { return }
        resume(at: now)
    }

    /// The sleep that `.block` asked for is over.
    public mutating func unblocked(_ invocation: InvocationID, at now: Instant) {
        guard running?.id == invocation, running?.wait == .thread else { return }
        resume(at: now)
    }

    /// More waits on `link` than its driver wants to hold: whoever streams through it from here waits. What is only
    /// passed on never waits, or two relays could wait for each other.
    public mutating func congested(_ link: LinkID, at now: Instant) {
        guard congested.insert(link).inserted, let stream = streamHeld(by: link), let id = running?.id else { return }
        node.parked(id, on: "room to \(stream.destination)", at: now)
    }

    /// There is room on `link` again.
    public mutating func relieved(_ link: LinkID, at now: Instant) {
        guard congested.contains(link) else { return }
        let isWaiting = streamHeld(by: link) != nil
        congested.remove(link)
        if isWaiting, let id = running?.id { node.parked(id, on: nil, at: now) }
    }

    /// The next thing to do in the world; nil when there is nothing until the next fact or command.
    public mutating func poll(at now: Instant) -> Deed? {
        while true {
            if let blocking = block {
                block = nil
                return blocking
            }
            guard let output = node.poll() else { return nil }
            if !isOwn(output.order, at: now) { return .order(output) }
        }
    }

    /// When `expired` wants to be called next. It lies in the past when a function has more to send than one turn holds.
    public var deadline: Instant? {
        guard let wake else { return node.deadline }
        return node.deadline.map { min($0, wake) } ?? wake
    }

    /// When the function that runs goes on by itself; nil while it waits for news.
    private var wake: Instant? {
        switch running?.wait {
        case .until(let instant): instant
        case .turn(let stream): isHeldUp(stream) ? nil : running?.turn
        case .thread, .forEver, .call, .items, nil: nil
        }
    }

    /// Something for the driver to do.
    public enum Deed: Sendable {
        /// An order of the node, unless it was the agent's own business.
        case order(Output)
        /// Block the thread that runs functions for this long, then say `unblocked`.
        case block(InvocationID, Duration)
    }
}

// MARK: Orders of the node

extension Agent {
    /// Takes an order that concerns the functions here; the rest is the driver's.
    private mutating func isOwn(_ order: Order, at now: Instant) -> Bool {
        switch order {
        case .run(let invocation):
            begin(invocation, at: now)
            return true
        case .completed(let call, let outcome):
            guard running?.wait == .call(call) else { return false }
            called(outcome, at: now)
            return true
        case .deliver(let handle, let message):
            guard inboxes.isOpen(handle) else { return false }
            delivered(message, to: handle, at: now)
            return true
        case .up:
            addBootFunctions(at: now)
            return false
        case .lost(let context):
            lost(context, at: now)
            return false
        case .exit:
            (running, block, inboxes) = (nil, nil, InboxTable())
            return false
        case .close(let link):
            congested.remove(link)
            return false
        case .ready, .launch, .inflate, .connected, .log:
            return false
        }
    }

    /// What the parent gave this context is registered before anything can be called.
    private mutating func addBootFunctions(at now: Instant) {
        do throws(FunctionError) {
            functions.add(try ScriptedFunction.functions(inBoot: node.bootOptions))
        } catch {
            node.log(LogRecord(logger: "mitoscope", level: 40, message: "\(error.type): \(error.message)"), at: now)
        }
    }

    private mutating func begin(_ invocation: Invocation, at now: Instant) {
        precondition(running == nil, "the node runs one function at a time: this one must be finished first")
        guard let identity = node.identity else {
            preconditionFailure("a call reached a context that does not know who it is")
        }
        do throws(FunctionError) {
            let steps = try functions.steps(of: invocation, in: identity)
            running = RunningFunction(invocation.id, steps)
            advance(at: now)
        } catch {
            node.finished(invocation.id, .failure(error), at: now)
        }
    }

    private mutating func called(_ outcome: Outcome, at now: Instant) {
        switch outcome {
        case .value(let value):
            running?.result = value
            resume(at: now)
        case .failed(let failure):
            finish(.failure(FunctionError(failure)), at: now)
        }
    }

    private mutating func delivered(_ message: Message, to handle: Handle, at now: Instant) {
        inboxes.receive(message, on: handle)
        collect(handle, at: now)
    }

    /// Whoever streams to a context that is gone, or waits for items from it, has nothing to wait for.
    private mutating func lost(_ context: ContextID, at now: Instant) {
        for handle in inboxes.lost(context) { collect(handle, at: now) }
        if case .turn(let stream) = running?.wait, stream.destination == context {
            finish(.failure(.respondentLost), at: now)
        }
    }

    /// Goes on with the function that waits for `handle`, if its last item has come.
    private mutating func collect(_ handle: Handle, at now: Instant) {
        guard running?.wait == .items(handle), inboxes.hasEnded(handle) else { return }
        drain(handle, at: now)
        resume(at: now)
    }

    /// The items of a receiver that ended become the result.
    private mutating func drain(_ handle: Handle, at now: Instant) {
        switch take(handle, at: now) {
        case .success(let items): running?.result = items
        case .failure(let error): finish(.failure(error), at: now)
        }
    }

    private mutating func take(_ handle: Handle, at now: Instant) -> Result<Value, FunctionError> {
        node.closeReceiver(handle, at: now)
        return inboxes.close(handle)
    }
}

// MARK: The function that runs

extension Agent {
    /// What it waited for has come.
    private mutating func resume(at now: Instant) {
        guard let wait = running?.wait, let id = running?.id else { return }
        running?.wait = nil
        if case .turn(let stream) = wait {
            send(stream, at: now)
        } else {
            node.parked(id, on: nil, at: now)
        }
        advance(at: now)
    }

    /// Performs steps until one has to wait, one fails, or none is left.
    private mutating func advance(at now: Instant) {
        while running?.wait == nil, let step = running?.next() { perform(step, at: now) }
        guard let ended = running, ended.wait == nil else { return }
        finish(.success(ended.result), at: now)
    }

    private mutating func perform(_ step: Step, at now: Instant) {
        switch step {
        case .give(let value):
            running?.result = value
        case .fail(let error):
            finish(.failure(error), at: now)
        case .sleep(let duration):
            park(.until(now + duration), as: "sleep \(duration)", at: now)
        case .block(let duration):
            guard let id = running?.id else { return }
            block = .block(id, duration)
            park(.thread, as: "block \(duration)", at: now)
        case .hang:
            park(.forEver, as: "for ever", at: now)
        case .call(let request):
            let call = node.call(request, at: now)
            park(.call(call), as: "call \(request.context) \(request.function)", at: now)
        case .stream(let destination, let handle, let count, let size):
            send(Stream(to: destination, handle, count: count, size: size), at: now)
        case .open:
            open(at: now)
        case .drain(let handle):
            if inboxes.isOpen(handle), !inboxes.hasEnded(handle) {
                park(.items(handle), as: "items", at: now)
            } else {
                drain(handle, at: now)
            }
        }
    }

    private mutating func park(_ wait: RunningFunction.Wait, as what: String, at now: Instant) {
        guard let id = running?.id else { return }
        running?.wait = wait
        node.parked(id, on: what, at: now)
    }

    /// Sends one turn's worth of a stream, so that what waits in memory is bounded by what links can carry away.
    private mutating func send(_ stream: Stream, at now: Instant) {
        var stream = stream
        for _ in 0..<stream.itemsPerTurn {
            guard let item = stream.next() else {
                node.send(stream.end(from: node.identity?.id ?? .master), at: now)
                return
            }
            node.send(item, at: now)
        }
        running?.wait = .turn(stream)
        running?.turn = now
        if isHeldUp(stream), let id = running?.id { node.parked(id, on: "room to \(stream.destination)", at: now) }
    }

    private func isHeldUp(_ stream: Stream) -> Bool {
        guard !congested.isEmpty, let link = node.route(to: stream.destination) else { return false }
        return congested.contains(link)
    }

    /// The stream of the function that runs, if it has to wait because of `link`.
    private func streamHeld(by link: LinkID) -> Stream? {
        guard case .turn(let stream) = running?.wait, node.route(to: stream.destination) == link, isHeldUp(stream)
        else { return nil }
        return stream
    }

    private mutating func open(at now: Instant) {
        guard let own = node.identity?.id, inboxes.hasRoom else { return finish(.failure(.tooManyInboxes), at: now) }
        let handle = node.openReceiver(at: now)
        inboxes.open(handle)
        running?.opened.append(handle)
        running?.result = .sender(own, handle)
    }

    private mutating func finish(_ result: Result<Value, FunctionError>, at now: Instant) {
        guard let ended = running else { return }
        running = nil
        block = nil
        if case .failure = result {
            // Nobody learned of these receivers, so nobody could ever drain them.
            for handle in ended.opened where inboxes.isOpen(handle) { _ = take(handle, at: now) }
        }
        node.finished(ended.id, result, at: now)
    }
}
