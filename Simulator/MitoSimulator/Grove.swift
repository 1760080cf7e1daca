public import MitoCore
public import MitoLinks
public import MitoTrace
public import Mitoscope

/// A tree of named contexts in a simulation, for tests: defaults for all, a test sets only what matters to it.
///
/// ```swift
/// let grove = Grove()
/// let rack = grove.grow("rack")
/// let web = grove.grow("web", via: rack)
/// let outcome = grove.call("echo", on: web, [42])
/// ```
public final class Grove {
    public let simulation: Simulation
    /// The trace so far.
    public private(set) var records: [TraceRecord] = []
    /// Log records that reached the root.
    public private(set) var logs: [LogRecord] = []

    /// - Parameters:
    ///   - seed: what all chance is drawn from.
    ///   - link: the model of every link, unless `links` has one under the name of the context below it.
    ///   - links: the links that have a model of their own.
    ///   - defects: planted defects by the name of the context that has them.
    ///   - configuration: what every context has.
    ///   - functions: the image that every context is started from.
    ///   - eventsPerInstantMax: more events than this without time going on are a livelock.
    ///   - omission: one thing that the simulation is to fail to do.
    public init(
        seed: UInt64 = 1, link: LinkModel = LinkModel(delay: .constant(.milliseconds(5))),
        links: [String: LinkModel] = [:], defects: [String: String] = [:],
        configuration: Node.Configuration = .traced, functions: [any ImageFunction] = BuiltInFunctions.all,
        eventsPerInstantMax: Int = 1_000_000, omission: Omission? = nil
    ) {
        simulation = Simulation(
            seed: seed, configuration: configuration, functions: functions, eventsPerInstantMax: eventsPerInstantMax,
            omission: omission, link: { links[$0.remoteName] ?? link },
            configure: { plan, configuration in configuration.defect = defects[plan.remoteName] })
        simulation.onRecord = { [unowned self] in records.append($0) }
        simulation.onOrder = { [unowned self] in received($1, in: $0) }
    }

    // MARK: Growing

    /// Starts a context below another, and runs until it is up. Traps when it does not come up.
    @discardableResult
    public func grow(_ name: String, via parent: ContextID = .master) -> ContextID {
        let result = connect(ConnectRequest(name: name, via: parent == .master ? nil : parent))
        guard case .success(let context) = result else { preconditionFailure("\(name) did not come up: \(result)") }
        return context
    }

    /// Starts contexts each below the one before.
    @discardableResult
    public func growChain(_ names: [String]) -> [ContextID] {
        var chain: [ContextID] = []
        for name in names { chain.append(grow(name, via: chain.last ?? .master)) }
        return chain
    }

    /// Asks the root for a context, and runs until that has ended one way or the other.
    public func connect(_ request: ConnectRequest) -> Result<ContextID, StreamError> {
        let id = simulation.withAgent(.master) { $0.node.connect(request, at: $1) }
        if let id { asked.append((id, request)) }
        while let id, connects[id] == nil, simulation.step() {}
        return id.flatMap { connects[$0] } ?? .failure(StreamError("nothing is left to happen"))
    }

    // MARK: Calling

    /// Calls a function and runs until the call has ended; nil when nothing is left that could end it.
    @discardableResult
    public func call(
        _ function: String, on target: ContextID, _ arguments: [Value] = [], from caller: ContextID = .master,
        timeout: Duration? = nil
    ) -> Outcome? {
        guard let call = begin(function, on: target, arguments, from: caller, timeout: timeout) else { return nil }
        while outcome(of: call, in: caller) == nil, simulation.step() {}
        return outcome(of: call, in: caller)
    }

    /// Begins a call and returns at once; nil when the caller does not run.
    @discardableResult
    public func begin(
        _ function: String, on target: ContextID, _ arguments: [Value] = [], from caller: ContextID = .master,
        timeout: Duration? = nil, tag: String = ""
    ) -> CallID? {
        var request = CallRequest(function, on: target, arguments)
        request.timeout = timeout
        request.tag = tag
        let call = simulation.withAgent(caller) { $0.node.call(request, at: $1) }
        if let call { begun.append((CallName(caller: caller, call: call), .call(call, function, on: target))) }
        return call
    }

    /// How a call ended; nil while it has not.
    public func outcome(of call: CallID, in caller: ContextID = .master) -> Outcome? {
        outcomes[CallName(caller: caller, call: call)]
    }

    /// Notes in the trace what this test, as the program, and programs in the tree were not told.
    public func noteWaits() {
        for (name, wait) in begun where outcomes[name] == nil { simulation.note(wait, in: name.caller) }
        for (id, request) in asked where connects[id] == nil { simulation.note(.connect(request), in: .master) }
        simulation.noteWaits()
    }

    /// Runs for this long.
    @discardableResult
    public func run(for duration: Duration) -> Simulation.Halt { simulation.run(until: simulation.now + duration) }

    /// Runs until nothing is left to happen.
    @discardableResult
    public func run() -> Simulation.Halt { simulation.run() }

    // MARK: Parts

    private struct CallName: Hashable {
        var caller: ContextID
        var call: CallID
    }

    /// What was asked for, in order.
    private var begun: [(name: CallName, wait: ProgramWait)] = []
    private var asked: [(id: ConnectID, request: ConnectRequest)] = []
    /// For look-up only, never iterated.
    private var outcomes: [CallName: Outcome] = [:]
    private var connects: [ConnectID: Result<ContextID, StreamError>] = [:]

    private func received(_ order: Order, in context: ContextID) {
        switch order {
        case .completed(let call, let outcome): outcomes[CallName(caller: context, call: call)] = outcome
        case .connected(let id, let result) where context == .master: connects[id] = result
        case .log(let record, from: _) where context == .master: logs.append(record)
        default: break
        }
    }
}
