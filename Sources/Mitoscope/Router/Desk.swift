public import MitoCore

/// The program's side of one context: which of its commands are in progress, who waits for each, and where the messages
/// go that come in on receivers of its own.
///
/// A world keeps one beside its agent, lets jobs work on both, and shows it every deed after carrying it out:
///
/// ```swift
/// job(&agent, &desk, now)
/// while let deed = agent.poll(at: now) { carryOut(deed); deeds.append(deed) }
/// for deed in deeds { if case .unwanted(let context) = desk.settle(deed) { end(context) } }
/// ```
public struct Desk: Sendable {
    /// What is told how a command ended: exactly once, on the world's own turn, which it must not hold up.
    public typealias Completion = @Sendable (Result<Value, MitoscopeError>) -> Void
    /// What is shown each message of a receiver, and nil when its handle has gone, on the world's own turn, which it
    /// must not hold up.
    public typealias Sink = @Sendable (Message?) -> Void
    /// What is told of news about the tree, and nil when there will be none, on the world's own turn.
    public typealias Watcher = @Sendable (News?) -> Void

    /// What happens to the tree and may concern a program that did not ask for it.
    public enum News: Hashable, Sendable {
        /// A context that this program connected is up.
        case up(ContextID, name: String?)
        /// A context cannot be reached any more.
        case lost(ContextID)
        /// An orderly end began.
        case ending
    }

    /// What in the agent's answers ends a command.
    enum Subject: Hashable {
        case call(CallID)
        case connect(ConnectID)
        /// The dead message to this handle, which only a context that was asked to end can cause.
        case farewell(Handle)
        case detachment
        case exit
    }

    struct Waiting {
        let subject: Subject
        let command: Command
        let completion: Completion
    }

    private(set) var waiting: [CommandID: Waiting] = [:]
    /// Who waits for what, in the order of asking. A connect that was given up stays here, with nobody waiting.
    private var askers: [Subject: [CommandID]] = [:]
    private(set) var sinks = SinkTable()
    private(set) var watchers = WatcherTable()
    /// How often somebody's loss was told.
    private(set) var lossesTold: UInt64 = 0
    /// Who waits for a descriptor of the process.
    public var descriptors = DescriptorTable()
    private var latestChain: UInt64 = 0
    private var hasEnded = false

    public init() {}

    /// How many commands have not completed.
    public var count: Int { waiting.count }
    /// How many receivers and handlers the program has open.
    public var receiverCount: Int { sinks.count }

    /// The commands that have not completed, in the order of asking.
    public var commands: [Command] { waiting.sorted { $0.key < $1.key }.map(\.value.command) }

    /// Begins a command. Its completion is called in this call, or in a later `settle` or `cancel`.
    public mutating func perform(
        _ command: Command, as id: CommandID, on agent: inout Agent, at now: Instant,
        completion: @escaping Completion
    ) {
        guard !hasEnded else { return completion(command == .shutdown ? .success(.none) : .failure(.ended)) }
        let subject: Subject
        switch command {
        case .call(let request):
            subject = .call(agent.node.call(request, at: now))
        case .connect(let request):
            subject = .connect(agent.node.connect(request, at: now))
        case .end(let context):
            subject = .farewell(agent.node.openFarewell(of: context, at: now))
        case .detach:
            agent.node.detach(at: now)
            subject = .detachment
        case .shutdown:
            agent.node.shutdown(at: now)
            subject = .exit
        case .supervise(let context, let command, let timeout):
            subject = .call(agent.node.supervise(context, command, timeout: timeout, at: now))
        }
        waiting[id] = Waiting(subject: subject, command: command, completion: completion)
        askers[subject, default: []].append(id)
    }

    /// Gives a command up. A context that comes up after its `connect` was given up is ended.
    public mutating func cancel(_ id: CommandID, on agent: inout Agent, at now: Instant) {
        watchers.remove(id)
        descriptors.cancel(id)
        guard let subject = waiting[id]?.subject else { return }
        if case .call(let call) = subject { return agent.node.cancel(call, at: now) }
        if case .farewell(let handle) = subject { agent.node.closeReceiver(handle, at: now) }
        askers[subject]?.removeAll { $0 == id }
        waiting.removeValue(forKey: id)?.completion(.failure(.abandoned))
    }

    /// What a deed was to the commands in progress.
    public enum OnDeed: Hashable, Sendable {
        /// The answer to a command, which has completed.
        case answer
        /// Not, or not only, an answer: the program may want to know of it.
        case news
        /// This context came up after its `connect` was given up: it is to be ended.
        case unwanted(ContextID)
    }

    /// Completes the commands that this deed ends.
    public mutating func settle(_ deed: Agent.Deed) -> OnDeed {
        guard case .order(let output) = deed else { return .news }
        switch output.order {
        case .completed(let call, let outcome):
            return complete(.call(call)) { _ in MitoscopeError.result(of: outcome) } ? .answer : .news
        case .connected(let connect, let result):
            return connected(connect, result)
        case .detached(let outcome):
            return complete(.detachment) { _ in MitoscopeError.result(of: outcome) } ? .answer : .news
        case .lost(let context):
            lossesTold += 1
            sinks.lost(context)
            watchers.tell(.lost(context))
            return .news
        case .ending:
            watchers.tell(.ending)
            return .news
        case .exit:
            end()
            return .news
        case .deliver(let handle, let message):
            if sinks.deliver(message, to: handle) { return .answer }
            return complete(.farewell(handle)) { _ in MitoscopeError.result(ofFarewell: message) } ? .answer : .news
        case .close, .launch, .drain, .release, .leaveParent, .inflate, .shape, .up, .run, .log:
            return .news
        }
    }

    // MARK: Receivers

    /// Opens a receiver; whatever comes in on it is shown to `sink`, dead messages too, until it is closed. Throws when
    /// its number is not to be had.
    public mutating func openReceiver(
        _ opening: HandleOpening = HandleOpening(), on agent: inout Agent, at now: Instant, sink: @escaping Sink
    ) throws(HandleError) -> Handle {
        let handle = try agent.node.openReceiver(opening, at: now)
        sinks.open(handle, opening, sink)
        return handle
    }

    /// Closes a receiver that was opened here; nothing more is shown to its sink. False when there is no such receiver.
    @discardableResult
    public mutating func closeReceiver(_ handle: Handle, on agent: inout Agent, at now: Instant) -> Bool {
        guard sinks.close(handle) else { return false }
        return agent.node.closeReceiver(handle, at: now)
    }

    // MARK: Events

    /// Has `watcher` told of what happens to the tree, until `cancel(id)`.
    public mutating func watch(as id: CommandID, _ watcher: @escaping Watcher) {
        if hasEnded { watcher(nil) } else { watchers.add(id, watcher) }
    }

    /// A number for a chain of calls, never used before.
    mutating func makeChainNumber() -> UInt64 {
        latestChain += 1
        return latestChain
    }

    // MARK: Parts

    private mutating func connected(_ connect: ConnectID, _ result: Result<ContextID, StreamError>) -> OnDeed {
        let isUnwanted = askers[.connect(connect)] == []
        if case .success(let context) = result, let asker = askers[.connect(connect)]?.first {
            watchers.tell(.up(context, name: waiting[asker]?.command.name))
        }
        let isOurs = complete(.connect(connect)) { name in
            switch result {
            case .success(let context): .success(.context(context, name: name.map { Text($0) }))
            case .failure(let error):
                .failure(MitoscopeError(.init(rawValue: error.kind.rawValue), error.message, cause: error))
            }
        }
        if isUnwanted, case .success(let context) = result { return .unwanted(context) }
        return isOurs ? .answer : .news
    }

    /// True when the subject was one of ours.
    @discardableResult
    private mutating func complete(
        _ subject: Subject, _ result: (_ name: String?) -> Result<Value, MitoscopeError>
    ) -> Bool {
        guard let ids = askers.removeValue(forKey: subject) else { return false }
        for id in ids {
            guard let one = waiting.removeValue(forKey: id) else { continue }
            one.completion(result(one.command.name))
        }
        return true
    }

    /// Nothing more will be answered: whoever waits is told so.
    public mutating func end() {
        hasEnded = true
        complete(.exit) { _ in .success(.none) }
        let left = waiting.sorted { $0.key < $1.key }
        (waiting, askers) = ([:], [:])
        for (_, one) in left { one.completion(.failure(.ended)) }
        sinks.end()
        watchers.end()
        descriptors.end()
    }
}

extension Command {
    fileprivate var name: String? {
        guard case .connect(let request) = self else { return nil }
        return request.name
    }
}

extension Node {
    /// Asks a context to end. What tells that it did, or why it will not, is a dead message to the handle.
    fileprivate mutating func openFarewell(of context: ContextID, at now: Instant) -> Handle {
        var opening = HandleOpening()
        opening.respondent = context
        opening.isPersistent = false
        guard let handle = try? openReceiver(opening, at: now) else {
            preconditionFailure("a handle that the node chooses itself is always to be had")
        }
        shutdown(context, replyTo: handle, at: now)
        return handle
    }
}

extension MitoscopeError {
    /// Our own word is that the context is lost, or never was there; a relay may know the latter better. Anybody else
    /// has refused.
    fileprivate static func result(ofFarewell message: Message) -> Result<Value, MitoscopeError> {
        let reason = String(decoding: message.payload, as: UTF8.self)
        let isGone = message.source == message.destination || reason.hasPrefix("no route to ")
        return isGone ? .success(.none) : .failure(MitoscopeError(.channel, reason, path: [message.source]))
    }

    fileprivate static func result(of outcome: Outcome) -> Result<Value, MitoscopeError> {
        switch outcome {
        case .value(let value): .success(value)
        case .failed(let failure): .failure(MitoscopeError(failure))
        }
    }
}
