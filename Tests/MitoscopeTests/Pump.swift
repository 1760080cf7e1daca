import MitoCore
import Mitoscope
import Synchronization

/// Agents wired back to back. Bytes move at once; time moves only when nothing else can.
struct Pump: Sendable {
    private(set) var now = Instant.start
    /// The root first, then children in the order of their launch.
    private(set) var agents: [Agent]
    private(set) var outcomes: [CallID: Outcome] = [:]
    private(set) var connected: [Result<ContextID, StreamError>] = []
    private(set) var delivered: [Message] = []
    private(set) var logs: [LogRecord] = []
    private(set) var lost: [ContextID] = []
    private(set) var exits: [ExitReason] = []
    /// How each child was to be started.
    private(set) var plans: [LaunchPlan] = []
    private(set) var blocked: [(agent: Int, invocation: InvocationID, until: Instant)] = []
    /// One beside each agent.
    private(set) var desks = [Desk()]
    /// The program's code that is to be run for functions.
    private(set) var performances: [(agent: Int, performance: Performance)] = []

    private var wires: [(Plug, Plug)] = []
    private let functions: [any ImageFunction]
    private let childConfiguration: Node.Configuration

    struct Plug: Hashable {
        var agent: Int
        var link: LinkID
    }

    /// A root and `children` contexts below it, all up: ids 0, 1, 2 … at the same places in `agents`.
    init(children: Int = 0, functions: [any ImageFunction] = BuiltInFunctions.all, isTraced: Bool = false) {
        var configuration = Node.Configuration()
        configuration.isTraced = isTraced
        configuration.callers = .anyone
        self.functions = functions
        childConfiguration = configuration
        agents = [Agent(node: Node(master: configuration), functions: functions)]
        for number in 0..<children { connect(ConnectRequest(name: "child\(number + 1)")) }
    }

    // MARK: Asking

    /// Starts a context and runs until nothing is left to do.
    mutating func connect(_ request: ConnectRequest) {
        _ = agents[0].node.connect(request, at: now)
        run()
    }

    /// Starts a call from the root, without running anything.
    mutating func begin(_ function: String, on context: UInt32, _ arguments: [Value] = []) -> CallID {
        agents[0].node.call(CallRequest(function, on: ContextID(context), arguments), at: now)
    }

    /// Calls from the root and runs until nothing is left to do; nil when no answer came.
    mutating func call(
        _ function: String, on context: UInt32, _ arguments: [Value] = [], keywords: [Value.Pair] = []
    ) -> Outcome? {
        var request = CallRequest(function, on: ContextID(context), arguments)
        request.keywords = keywords
        let call = agents[0].node.call(request, at: now)
        run()
        return outcomes[call]
    }

    mutating func withAgent<R>(_ index: Int, _ body: (inout Agent, Instant) -> R) -> R { body(&agents[index], now) }

    /// A crash: no farewell, its links break.
    mutating func kill(_ index: Int) {
        for (a, b) in wires where a.agent == index || b.agent == index {
            let peer = a.agent == index ? b : a
            agents[peer.agent].node.linkClosed(peer.link, at: now)
        }
        wires.removeAll { $0.0.agent == index || $0.1.agent == index }
        blocked.removeAll { $0.agent == index }
        agents[index] = Agent(node: Node(childAwaiting: 1), functions: [])
    }

    mutating func perform(_ command: Command, as id: CommandID, completion: @escaping Desk.Completion) {
        desks[0].perform(command, as: id, on: &agents[0], at: now, completion: completion)
    }

    mutating func cancel(_ id: CommandID) { desks[0].cancel(id, on: &agents[0], at: now) }

    mutating func perform(_ job: World.Work, on index: Int = 0) { job(&agents[index], &desks[index], now) }

    mutating func takePerformances() -> [(agent: Int, performance: Performance)] {
        defer { performances = [] }
        return performances
    }

    // MARK: Running

    /// Drains all agents until none has a deed; time stands still.
    mutating func settle() {
        var isIdle = false
        while !isIdle {
            isIdle = true
            for index in agents.indices {
                while let deed = agents[index].poll(at: now) {
                    isIdle = false
                    carryOut(deed, of: index)
                }
                for link in agents[index].node.takeReady() {
                    isIdle = false
                    flush(Plug(agent: index, link: link))
                }
            }
        }
    }

    /// Goes on, jumping from deadline to deadline, until there is none before `end`.
    mutating func run(until end: Instant = Instant(nanoseconds: .max)) {
        settle()
        while let next = nextWake, next <= end { wake(at: next) }
    }

    /// Goes on to the next deadline, if there is one, and no further.
    mutating func runToNextWake() {
        settle()
        if let next = nextWake { wake(at: next) }
    }

    /// Has everything come to rest, with nothing to wake up for?
    var isAsleep: Bool { nextWake == nil }

    private mutating func wake(at next: Instant) {
        now = max(now, next)
        for index in agents.indices where agents[index].deadline.map({ $0 <= now }) == true {
            agents[index].expired(at: now)
        }
        let due = blocked.filter { $0.until <= now }
        blocked.removeAll { $0.until <= now }
        for one in due { agents[one.agent].unblocked(one.invocation, at: now) }
        settle()
    }

    private var nextWake: Instant? { (agents.compactMap(\.deadline) + blocked.map(\.until)).min() }

    private mutating func carryOut(_ deed: Agent.Deed, of index: Int) {
        if case .unwanted(let context) = desks[index].settle(deed) {
            agents[index].node.shutdown(context, at: now)
        }
        switch deed {
        case .perform(let performance): performances.append((index, performance))
        case .block(let invocation, let duration): blocked.append((index, invocation, now + duration))
        case .order(let output): carryOut(output.order, of: index)
        }
    }

    private mutating func carryOut(_ order: Order, of index: Int) {
        switch order {
        case .close(let link): close(Plug(agent: index, link: link))
        case .launch(let plan): launch(plan, from: index)
        case .inflate, .shape, .up, .drain, .ending, .run, .release, .leaveParent, .detached: break
        case .completed(let call, let outcome): if index == 0 { outcomes[call] = outcome }
        case .connected(_, let result): connected.append(result)
        case .deliver(_, let message): delivered.append(message)
        case .log(let record, from: _): logs.append(record)
        case .lost(let context): if index == 0 { lost.append(context) }
        case .exit(let reason): exits.append(reason)
        }
    }

    private mutating func launch(_ plan: LaunchPlan, from parent: Int) {
        let child = agents.count
        plans.append(plan)
        let node = Node(childAwaiting: plan.preambleLength, configuration: childConfiguration)
        agents.append(Agent(node: node, functions: functions))
        desks.append(Desk())
        wires.append((Plug(agent: parent, link: plan.link), Plug(agent: child, link: .parent)))
        agents[parent].node.launched(plan.link, at: now)
    }

    private func peer(of plug: Plug) -> Plug? {
        for (a, b) in wires {
            if a == plug { return b }
            if b == plug { return a }
        }
        return nil
    }

    private mutating func flush(_ plug: Plug) {
        let bytes = agents[plug.agent].node.takeOutbound(plug.link)
        guard let peer = peer(of: plug), !bytes.isEmpty else { return }
        agents[peer.agent].node.received(bytes.span, on: peer.link, at: now)
    }

    private mutating func close(_ plug: Plug) {
        flush(plug)
        guard let peer = peer(of: plug) else { return }
        wires.removeAll { $0.0 == plug || $0.1 == plug }
        agents[peer.agent].node.linkClosed(peer.link, at: now)
    }
}

/// A world on a pump: a job runs to its end, or to the end of all deadlines, before `submit` returns, unless another is
/// at work.
final class PumpWorld: World {
    private let pump: Mutex<Pump>
    private let waiting = Mutex((jobs: [Work](), isBusy: false))

    init(children: Int = 0, functions: [any ImageFunction] = BuiltInFunctions.all) {
        pump = Mutex(Pump(children: children, functions: functions))
    }

    func submit(_ label: StaticString, _ job: @escaping Work) -> Bool {
        let isIdle = waiting.withLock { waiting in
            defer { waiting.isBusy = true }
            waiting.jobs.append(job)
            return !waiting.isBusy
        }
        guard isIdle else { return true }
        while let next = nextJob() {
            pump.withLock { pump in
                pump.perform(next)
                pump.run()
            }
        }
        return true
    }

    /// Lets something happen that nobody asked for.
    func withPump(_ body: (inout Pump) -> Void) {
        pump.withLock { pump in
            body(&pump)
            pump.run()
        }
    }

    private func nextJob() -> Work? {
        waiting.withLock { waiting in
            waiting.isBusy = !waiting.jobs.isEmpty
            return waiting.isBusy ? waiting.jobs.removeFirst() : nil
        }
    }

    var now: Instant { pump.withLock { $0.now } }
    var openHandles: [Handle] { pump.withLock { $0.agents[0].node.openHandles } }
    var plans: [LaunchPlan] { pump.withLock { $0.plans } }
    var receiverCount: Int { pump.withLock { $0.desks[0].receiverCount } }
}
