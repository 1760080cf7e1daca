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
    /// What is shown each message of a receiver, on the world's own turn, which it must not hold up.
    public typealias Sink = @Sendable (Message) -> Void

    /// What in the agent's answers ends a command.
    private enum Subject: Hashable {
        case call(CallID)
        case connect(ConnectID)
        case loss(ContextID)
        case detachment
        case exit
    }

    private struct Waiting {
        let subject: Subject
        let command: Command
        let completion: Completion
    }

    private var waiting: [CommandID: Waiting] = [:]
    /// Who waits for what, in the order of asking. A connect that was given up stays here, with nobody waiting.
    private var askers: [Subject: [CommandID]] = [:]
    private var sinks: [Handle: Sink] = [:]
    private var hasEnded = false

    public init() {}

    /// How many commands have not completed.
    public var count: Int { waiting.count }

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
            guard agent.node.route(to: context) != nil else { return completion(.success(.none)) }
            agent.node.shutdown(context, at: now)
            subject = .loss(context)
        case .detach:
            agent.node.detach(at: now)
            subject = .detachment
        case .shutdown:
            agent.node.shutdown(at: now)
            subject = .exit
        }
        waiting[id] = Waiting(subject: subject, command: command, completion: completion)
        askers[subject, default: []].append(id)
    }

    /// Gives a command up. A context that comes up after its `connect` was given up is ended.
    public mutating func cancel(_ id: CommandID, on agent: inout Agent, at now: Instant) {
        guard let subject = waiting[id]?.subject else { return }
        if case .call(let call) = subject { return agent.node.cancel(call, at: now) }
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
            complete(.loss(context)) { _ in .success(.none) }
            return .news
        case .exit:
            end()
            return .news
        case .deliver(let handle, let message):
            guard let sink = sinks[handle] else { return .news }
            sink(message)
            return .answer
        case .ready, .close, .launch, .ending, .release, .leaveParent, .inflate, .up, .run, .log:
            return .news
        }
    }

    // MARK: Receivers

    /// Opens a receiver; whatever comes in on it is shown to `sink`, dead messages too, until it is closed.
    public mutating func openReceiver(on agent: inout Agent, at now: Instant, sink: @escaping Sink) -> Handle {
        let handle = agent.node.openReceiver(at: now)
        sinks[handle] = sink
        return handle
    }

    /// Closes a receiver that was opened here; nothing more is shown to its sink.
    public mutating func closeReceiver(_ handle: Handle, on agent: inout Agent, at now: Instant) {
        guard sinks.removeValue(forKey: handle) != nil else { return }
        agent.node.closeReceiver(handle, at: now)
    }

    // MARK: Parts

    private mutating func connected(_ connect: ConnectID, _ result: Result<ContextID, StreamError>) -> OnDeed {
        let isUnwanted = askers[.connect(connect)] == []
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
    }
}

extension Command {
    fileprivate var name: String? {
        guard case .connect(let request) = self else { return nil }
        return request.name
    }
}

extension MitoscopeError {
    fileprivate static func result(of outcome: Outcome) -> Result<Value, MitoscopeError> {
        switch outcome {
        case .value(let value): .success(value)
        case .failed(let failure): .failure(MitoscopeError(failure))
        }
    }
}
