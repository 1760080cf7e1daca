public import MitoCore

/// The commands of a program that are in progress at one agent, and who waits for each.
///
/// A world keeps one beside its root's agent, hands it every command and shows it every deed:
///
/// ```swift
/// commands.perform(command, as: id, on: &agent, at: now, completion: completion)
/// while let deed = agent.poll(at: now) { if !commands.settle(deed, on: &agent, at: now) { carryOut(deed) } }
/// ```
public struct CommandTable: Sendable {
    /// What in the agent's answers ends a command.
    private enum Subject: Hashable {
        case call(CallID)
        case connect(ConnectID)
        case loss(ContextID)
        case exit
    }

    private struct Waiting {
        let subject: Subject
        let completion: World.Completion
    }

    private var waiting: [CommandID: Waiting] = [:]
    /// Who waits for what, in the order of asking. A connect that was given up stays here, with nobody waiting.
    private var askers: [Subject: [CommandID]] = [:]
    private var hasEnded = false

    public init() {}

    /// How many commands have not completed.
    public var count: Int { waiting.count }

    /// Begins a command. Its completion is called in this call or in a later `settle` or `cancel`.
    public mutating func perform(
        _ command: Command, as id: CommandID, on agent: inout Agent, at now: Instant,
        completion: @escaping World.Completion
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
        case .shutdown:
            agent.node.shutdown(at: now)
            subject = .exit
        }
        waiting[id] = Waiting(subject: subject, completion: completion)
        askers[subject, default: []].append(id)
    }

    /// Gives a command up. A context that comes up after its `connect` was given up is ended.
    public mutating func cancel(_ id: CommandID, on agent: inout Agent, at now: Instant) {
        guard let subject = waiting[id]?.subject else { return }
        if case .call(let call) = subject { return agent.node.cancel(call, at: now) }
        askers[subject]?.removeAll { $0 == id }
        waiting.removeValue(forKey: id)?.completion(.failure(.abandoned))
    }

    /// Completes the commands that this deed ends. True when the deed was an answer to a command and no more.
    public mutating func settle(_ deed: Agent.Deed, on agent: inout Agent, at now: Instant) -> Bool {
        guard case .order(let output) = deed else { return false }
        switch output.order {
        case .completed(let call, let outcome):
            return complete(.call(call), MitoscopeError.result(of: outcome))
        case .connected(let connect, .success(let context)):
            if askers[.connect(connect)] == [] { agent.node.shutdown(context, at: now) }
            let name = agent.node.name(of: context).map { Text($0) }
            return complete(.connect(connect), .success(.context(context, name: name)))
        case .connected(let connect, .failure(let error)):
            return complete(.connect(connect), .failure(MitoscopeError(.stream, error.message, cause: error)))
        case .lost(let context):
            complete(.loss(context), .success(.none))
            return false
        case .exit:
            end()
            return false
        case .ready, .close, .launch, .inflate, .up, .run, .deliver, .log:
            return false
        }
    }

    @discardableResult
    private mutating func complete(_ subject: Subject, _ result: Result<Value, MitoscopeError>) -> Bool {
        guard let ids = askers.removeValue(forKey: subject) else { return false }
        for id in ids { waiting.removeValue(forKey: id)?.completion(result) }
        return true
    }

    /// Nothing more will be answered.
    private mutating func end() {
        hasEnded = true
        complete(.exit, .success(.none))
        let left = waiting.sorted { $0.key < $1.key }
        (waiting, askers) = ([:], [:])
        for (_, one) in left { one.completion(.failure(.ended)) }
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
