import MitoCore
import MitoLinks
import MitoTrace
import Mitoscope

/// A simulated world as a value: what is pending, who is there, what is on its way.
///
/// It is the driver of every node in it: it feeds facts, carries out orders, and re-arms one alarm per host. What
/// people outside want to know is put aside in `news`, and handed out when no event is being worked on.
struct Kernel {
    let settings: Settings
    /// The code of the user's that runs in contexts, where there is any.
    let userCode: UserCode
    private(set) var now = Instant.start {
        didSet { userCode.now = now }
    }
    private(set) var hash = RollingHash()
    private(set) var records: UInt64 = 0
    private(set) var news = News()
    /// Whoever listens: unheard news are not kept.
    var wantsRecords = false
    var wantsOrders = false
    /// Set when one instant had more events than the settings allow; nothing happens any more.
    private(set) var isLivelocked = false

    struct Settings {
        var seed: UInt64
        var configuration: Node.Configuration
        var functions: [any ImageFunction]
        var startDelay: Delay
        var eventsPerInstantMax: Int
        var link: (LaunchPlan) -> LinkModel
        var configure: (LaunchPlan, inout Node.Configuration) -> Void
    }

    /// What happened since somebody last asked, in order.
    struct News {
        var records: [TraceRecord] = []
        var orders: [(ContextID, Order)] = []
        var tokens: [UInt64] = []

        var isEmpty: Bool { records.isEmpty && orders.isEmpty && tokens.isEmpty }
    }

    init(_ settings: Settings) {
        self.settings = settings
        userCode = UserCode(seed: settings.seed)
        heap = EventHeap(seed: settings.seed)
        fabric = Fabric(seed: settings.seed)
        image = Agent(node: Node(master: settings.configuration), functions: settings.functions)
        hosts = [Host(id: .master, parent: nil, agent: image, state: .running(isUp: true))]
        indexByID = [.master: 0]
    }

    // MARK: Look

    /// When the next event happens; nil when nothing is left to happen.
    var next: Instant? { heap.next }
    var framesMoved: UInt64 { fabric.framesMoved }

    /// The contexts that are up, in the order in which they were started.
    var contexts: [ContextID] { hosts.filter { $0.state == .running(isUp: true) }.map(\.id) }

    /// The processes that were started, or are to be, and have not ended, in that order.
    var processes: [ContextID] {
        hosts.filter { if case .ended = $0.state { false } else { true } }.map(\.id)
    }

    func agent(_ id: ContextID) -> Agent? { indexByID[id].map { hosts[Int($0)].agent } }

    /// Whose programs and functions have not come to their end, and what they asked for and wait for.
    func waits() -> [Hang.Wait] {
        hosts.indices.flatMap { index -> [Hang.Wait] in
            let host = hosts[index]
            guard let code = userCode.programs[HostIndex(index)]?.running, host.isRunning || index == 0 else { return [] }
            let name = host.id == .master ? "master" : hosts[0].agent.node.name(of: host.id)
            let asked = host.desk.commands.map { Hang.Wait(context: host.id, name: name, code: code, command: $0) }
            return asked.isEmpty ? [Hang.Wait(context: host.id, name: name, code: code, command: nil)] : asked
        }
    }

    // MARK: Commands

    /// Lets the program in `id` do something; nil when no such process runs.
    mutating func command<R>(_ id: ContextID, _ body: (inout Agent, Instant) -> R) -> R? {
        guard let host = running(id) else { return nil }
        let result = body(&hosts[Int(host)].agent, now)
        drain(host)
        return result
    }

    /// Does what programs submitted to their contexts, in the order of asking. What reaches a context after its end is
    /// told so by its desk.
    mutating func perform(_ requests: [UserCode.Request]) {
        for request in requests {
            let host = request.host
            userCode.host = host
            hosts[Int(host)].hasProgram = true
            hosts[Int(host)].perform(request.work, at: now)
            countEvent()
            drain(host)
        }
    }

    /// Takes in when user code wants to be woken, and that a piece of it ran.
    mutating func ranUserCode() {
        countEvent()
        userCode.takeAlarms { heap.insert(.wake($0.sleeper), at: max($0.time, now)) }
    }

    /// Ends a process without its doing; false when no such process runs.
    mutating func kill(_ id: ContextID) -> Bool {
        guard let host = running(id) else { return false }
        var event = Event(.command)
        event.at = now
        event.subject = id
        event.text = "kill"
        note(event, in: id)
        end(host, status: "signal 9")
        userCode.end(host)
        hosts[Int(host)].desk.end()
        return true
    }

    /// The simulation is over: whoever still waits is told so, in code that never runs again.
    mutating func close() {
        userCode.close()
        for host in hosts.indices where hosts[host].hasProgram { hosts[host].desk.end() }
    }

    mutating func schedule(_ token: UInt64, at time: Instant) { heap.insert(.token(token), at: max(time, now)) }

    mutating func advance(to time: Instant) { now = max(now, time) }

    mutating func takeNews(into empty: inout News) { swap(&news, &empty) }

    // MARK: Events

    /// Lets the next event happen; false when there is none, or one instant has had too many.
    mutating func step() -> Bool {
        guard !isLivelocked, let (time, occurrence) = heap.popFirst() else { return false }
        if time > now {
            now = time
            eventsNow = 0
        }
        countEvent()
        perform(occurrence)
        return true
    }

    private mutating func perform(_ occurrence: Occurrence) {
        switch occurrence {
        case .arrival(let conduit): deliver(conduit)
        case .start(let host): start(host)
        case .deadline(let host):
            hosts[Int(host)].alarm = nil
            hosts[Int(host)].agent.expired(at: now)
            drain(host)
        case .unblock(let host, let invocation):
            hosts[Int(host)].blocked = nil
            hosts[Int(host)].agent.unblocked(invocation, at: now)
            drain(host)
        case .reaped(let host): reap(host)
        case .wake(let sleeper): userCode.wake(sleeper)
        case .token(let token): news.tokens.append(token)
        }
    }

    /// Hands what comes out of a conduit to the decoder at its end.
    private mutating func deliver(_ index: Fabric.ConduitIndex) {
        let host = fabric[index].host
        let link = fabric[index].link
        guard hosts[Int(host)].isRunning, hosts[Int(host)].outgoing(link) != nil else {
            return fabric[index].abandon()
        }
        var piece = fabric.take(index)
        if piece.isEnd {
            close(link, of: host)
            hosts[Int(host)].agent.node.linkClosed(link, at: now)
        } else {
            hosts[Int(host)].agent.node.received(piece.bytes.span.extracting(piece.range), on: link, at: now)
            if piece.isLast { fabric.recycle(&piece.bytes) }
        }
        if let next = fabric[index].next { heap.insert(.arrival(index), at: max(next, now)) }
        drain(host)
    }

    private mutating func start(_ host: HostIndex) {
        guard let parent = hosts[Int(host)].parent, hosts[Int(host)].state == .starting else { return }
        hosts[Int(host)].state = .running(isUp: false)
        hosts[Int(parent.host)].agent.node.launched(parent.link, at: now)
        drain(parent.host)
        drain(host)
    }

    private mutating func reap(_ host: HostIndex) {
        guard let parent = hosts[Int(host)].parent, hosts[Int(parent.host)].isRunning,
            case .ended(let status) = hosts[Int(host)].state
        else { return }
        hosts[Int(parent.host)].agent.node.childExited(parent.link, status, at: now)
        drain(parent.host)
    }

    // MARK: Orders

    /// Carries out what the host's program wants, until it wants nothing more, and sends what it wrote.
    private mutating func drain(_ host: HostIndex) {
        userCode.host = host
        repeat {
            while !isLivelocked, let deed = hosts[Int(host)].agent.poll(at: now) {
                countEvent()
                perform(deed, of: host)
            }
            flush(host)
            noteEvents(host)
        } while settle(host)
        rearm(host)
    }

    private mutating func perform(_ deed: Agent.Deed, of host: HostIndex) {
        switch deed {
        case .order(let output):
            perform(output.order, of: host)
            if hosts[Int(host)].hasProgram { deeds.append(deed) }
        case .perform(let performance):
            hosts[Int(host)].hasProgram = true
            guard let result = userCode.perform(performance, in: host) else { return }
            hosts[Int(host)].agent.finished(performance.invocation.id, result, at: now)
        case .block(let invocation, let duration):
            hosts[Int(host)].blocked = heap.insert(.unblock(host, invocation), at: now + max(.zero, duration))
        }
    }

    /// Tells the host's program, once the trace has it; true when there is more to carry out for that.
    private mutating func settle(_ host: HostIndex) -> Bool {
        var isMore = false
        for deed in deeds {
            guard case .unwanted(let context) = hosts[Int(host)].desk.settle(deed) else { continue }
            hosts[Int(host)].agent.node.shutdown(context, at: now)
            isMore = true
        }
        deeds.removeAll(keepingCapacity: true)
        return isMore && !isLivelocked
    }

    private mutating func perform(_ order: Order, of host: HostIndex) {
        switch order {
        case .ready(let link): ready.append(link)
        case .close(let link):
            flush(host)
            close(link, of: host)
        case .launch(let plan): launch(plan, from: host)
        // No Python runs here, so nobody may send a compressed preamble.
        case .inflate(let link, _): hosts[Int(host)].agent.node.inflated(link, nil, at: now)
        case .up:
            hosts[Int(host)].state = .running(isUp: true)
            tell(order, of: host)
        // Nothing is printed here that would have to be sent on.
        case .ending: hosts[Int(host)].agent.node.drained(at: now)
        case .exit:
            flush(host)
            end(host, status: "exit 0")
            // The root's own program outlives its router.
            if hosts[Int(host)].parent != nil { userCode.end(host) }
            tell(order, of: host)
        // Processes die with nobody here.
        case .release, .leaveParent: break
        case .run, .completed, .connected, .deliver, .log, .lost, .detached: tell(order, of: host)
        }
    }

    private mutating func tell(_ order: Order, of host: HostIndex) {
        if wantsOrders { news.orders.append((hosts[Int(host)].id, order)) }
    }

    private mutating func launch(_ plan: LaunchPlan, from parent: HostIndex) {
        var configuration = settings.configuration
        settings.configure(plan, &configuration)
        var agent = image
        agent.node = Node(childAwaiting: plan.preambleLength, configuration: configuration)
        let host = HostIndex(hosts.count)
        hosts.append(Host(id: plan.context, parent: (parent, plan.link), agent: agent, state: .starting))
        indexByID[plan.context] = host
        let (down, up) = fabric.connect(
            upper: parent, plan.link, lower: host, plan: plan, model: settings.link(plan))
        hosts[Int(parent)].open(plan.link, outgoing: down)
        hosts[Int(host)].open(.parent, outgoing: up)
        var random = Random(seed: settings.seed, stream: "host \(plan.context) start")
        heap.insert(.start(host), at: now + settings.startDelay.draw(from: &random))
    }

    /// Moves what waits in out-buffers onto the links: once per turn and link, however often it was announced.
    private mutating func flush(_ host: HostIndex) {
        for link in ready {
            var bytes = fabric.buffer()
            hosts[Int(host)].agent.node.moveOutbound(link, to: &bytes)
            if !bytes.isEmpty, let conduit = hosts[Int(host)].outgoing(link) {
                if fabric[conduit].send(bytes, at: now) { wake(conduit) }
            } else {
                fabric.recycle(&bytes)
            }
        }
        ready.removeAll(keepingCapacity: true)
    }

    /// Closes one end of a link: the other end sees it after all that was sent before.
    private mutating func close(_ link: LinkID, of host: HostIndex) {
        guard let conduit = hosts[Int(host)].outgoing(link) else { return }
        hosts[Int(host)].close(link)
        let neighbour = fabric[conduit].host
        if case .starting = hosts[Int(neighbour)].state {
            // Given up before its process began.
            hosts[Int(neighbour)].state = .ended(status: "never started")
        }
        if fabric[conduit].end(at: now) { wake(conduit) }
    }

    /// Ends a process: its links close, its timers are gone, and its parent learns how it ended as it sees the close.
    private mutating func end(_ host: HostIndex, status: String) {
        let up = hosts[Int(host)].outgoing(.parent)
        for link in hosts[Int(host)].openLinks { close(link, of: host) }
        hosts[Int(host)].state = .ended(status: status)
        if let blocked = hosts[Int(host)].blocked { heap.remove(blocked) }
        hosts[Int(host)].blocked = nil
        rearm(host)
        guard hosts[Int(host)].parent != nil else { return }
        heap.insert(.reaped(host), at: up.flatMap { fabric[$0].last } ?? now)
    }

    private mutating func wake(_ conduit: Fabric.ConduitIndex) {
        if let next = fabric[conduit].next { heap.insert(.arrival(conduit), at: next) }
    }

    private mutating func rearm(_ host: HostIndex) {
        let wanted = hosts[Int(host)].isRunning ? hosts[Int(host)].agent.deadline.map { max($0, now) } : nil
        let alarm = hosts[Int(host)].alarm
        guard wanted != alarm?.at else { return }
        if let alarm { heap.remove(alarm.slot) }
        hosts[Int(host)].alarm = wanted.map { (heap.insert(.deadline(host), at: $0), $0) }
    }

    // MARK: The trace

    private mutating func noteEvents(_ host: HostIndex) {
        let id = hosts[Int(host)].id
        hosts[Int(host)].agent.node.moveEvents(to: &events)
        if wantsRecords {
            for event in events { note(event, in: id) }
        } else {
            var hash = hash
            hash.fold(events.span, in: id)
            self.hash = hash
            records += UInt64(events.count)
        }
        events.removeAll(keepingCapacity: true)
    }

    private mutating func note(_ event: Event, in context: ContextID) {
        hash.fold(event, in: context)
        records += 1
        guard wantsRecords else { return }
        news.records.append(TraceRecord(index: records, context: context, event: event, hash: hash.value))
    }

    private mutating func countEvent() {
        eventsNow += 1
        if eventsNow > settings.eventsPerInstantMax { isLivelocked = true }
    }

    // MARK: Parts

    private var heap: EventHeap
    private var fabric: Fabric
    /// What every process is started from, so that all share one table of functions.
    private let image: Agent
    /// In the order of their start; ended ones stay, to be looked at.
    private var hosts: [Host]
    /// For look-up only, never iterated.
    private var indexByID: [ContextID: HostIndex]
    /// The links of the host being drained that announced bytes.
    private var ready: [LinkID] = []
    /// What the program of the host being drained is to be told; empty between two hosts.
    private var deeds: [Agent.Deed] = []
    /// What the host being drained noted; empty between two hosts.
    private var events: [Event] = []
    private var eventsNow = 0

    private func running(_ id: ContextID) -> HostIndex? {
        indexByID[id].flatMap { hosts[Int($0)].isRunning ? $0 : nil }
    }
}
