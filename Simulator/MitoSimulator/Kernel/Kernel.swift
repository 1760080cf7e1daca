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
    private(set) var now = Instant.start { didSet { if userCode.isInUse { userCode.now = now } } }
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
        var omission: Omission?
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
        rules = FrameRules(seed: settings.seed)
        omission = settings.omission.map(OmissionCount.init)
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

    func agent(_ id: ContextID) -> Agent? { indexByID[id].map { hosts[Int($0)].agent } }

    /// The youngest that runs and was started under this name.
    func context(named name: String) -> ContextID? {
        hosts.last { $0.isRunning && $0.plan?.remoteName == name }?.id
    }

    /// The names that contexts were started under, in the order of their start.
    var contextNames: [String] { hosts.compactMap(\.plan).map(\.remoteName).filter { !$0.isEmpty } }

    // MARK: Commands

    /// Lets the program in `id` do something; nil when no such process runs, or it is frozen.
    mutating func command<R>(_ id: ContextID, _ body: (inout Agent, Instant) -> R) -> R? {
        guard let host = running(id), !hosts[Int(host)].isFrozen else { return nil }
        let result = body(&hosts[Int(host)].agent, time(of: host))
        drain(host)
        return result
    }

    /// Does what programs submitted to their contexts, in the order of asking. What reaches a context after its end is
    /// told so by its desk.
    mutating func perform(_ requests: [UserCode.Request]) {
        for request in requests {
            let host = request.host
            guard !hosts[Int(host)].isFrozen else {
                hosts[Int(host)].missedRequests.append(request)
                continue
            }
            userCode.host = host
            hosts[Int(host)].hasProgram = true
            hosts[Int(host)].perform(request.work, at: time(of: host))
            countEvent()
            drain(host)
        }
    }

    /// Takes in when user code wants to be woken, and that a piece of it ran.
    mutating func ranUserCode() {
        countEvent()
        userCode.takeAlarms { heap.insert(.wake($0.sleeper), at: max($0.time, now)) }
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
        if !isMissed(occurrence) { perform(occurrence) }
        return true
    }

    /// Lets events up to `end` happen, until there are news or user code has something to do.
    mutating func run(until end: Instant) {
        while let next = heap.next, next <= end, step() {
            ranUserCode()
            if !news.isEmpty || userCode.wantsTurn || userCode.escape != nil { return }
        }
    }

    private mutating func perform(_ occurrence: Occurrence) {
        switch occurrence {
        case .arrival(let conduit): deliver(conduit)
        case .start(let host): start(host)
        case .deadline(let host):
            hosts[Int(host)].alarm = nil
            if omission?.takes(.deadline) == true { return }
            hosts[Int(host)].agent.expired(at: time(of: host))
            drain(host)
        case .unblock(let host, let invocation):
            hosts[Int(host)].blocked = nil
            hosts[Int(host)].agent.unblocked(invocation, at: time(of: host))
            drain(host)
        case .reaped(let host): reap(host)
        case .room(let conduit): relieve(conduit)
        case .fault(let index): _ = perform(planned[Int(index)].fault, as: planned[Int(index)].name)
        case .wake(let sleeper): userCode.wake(sleeper)
        case .token(let token): news.tokens.append(token)
        }
    }

    /// Hands what comes out of a conduit to the decoder at its end.
    private mutating func deliver(_ index: Fabric.ConduitIndex) {
        let host = fabric[index].host
        let link = fabric[index].link
        fabric[index].isAwaited = false
        guard hosts[Int(host)].isRunning, hosts[Int(host)].outgoing(link) != nil else {
            return stopReading(index)
        }
        // What was to come out may have been held back meanwhile.
        guard let due = fabric[index].queue.next, due <= now else { return expect(index) }
        var piece = fabric.take(index)
        if piece.isEnd {
            close(link, of: host)
            hosts[Int(host)].agent.node.linkClosed(link, at: time(of: host))
            stopReading(index)
        } else {
            hosts[Int(host)].agent.node.received(
                piece.bytes.span.extracting(piece.range), on: link, at: time(of: host))
            if piece.isLast { fabric.recycle(&piece.bytes) }
        }
        expect(index)
        makeRoom(in: index)
        drain(host)
    }

    private mutating func start(_ host: HostIndex) {
        guard let parent = hosts[Int(host)].parent, hosts[Int(host)].state == .starting else { return }
        hosts[Int(host)].state = .running(isUp: false)
        hosts[Int(parent.host)].agent.node.launched(parent.link, at: time(of: parent.host))
        drain(parent.host)
        drain(host)
    }

    private mutating func reap(_ host: HostIndex) {
        guard let parent = hosts[Int(host)].parent, hosts[Int(parent.host)].isRunning,
            case .ended(let status) = hosts[Int(host)].state
        else { return }
        if let down = hosts[Int(parent.host)].outgoing(parent.link), !fabric[fabric.opposite(down)].queue.isEmpty {
            // What it wrote before its end is read first.
            fabric[fabric.opposite(down)].isEndOfProcess = true
            return
        }
        hosts[Int(parent.host)].agent.node.childExited(parent.link, status, at: time(of: parent.host))
        drain(parent.host)
    }

    /// Nothing more is taken out of a conduit. If the sender's process has ended, its parent can know now.
    private mutating func stopReading(_ conduit: Fabric.ConduitIndex) {
        fabric[conduit].queue.abandon()
        guard fabric[conduit].isEndOfProcess else { return }
        fabric[conduit].isEndOfProcess = false
        heap.insert(.reaped(sender(of: conduit).host), at: now)
    }

    // MARK: Orders

    /// Carries out what the host's program wants, until it wants nothing more, and sends what it wrote.
    mutating func drain(_ host: HostIndex) {
        if userCode.isInUse { userCode.host = host }
        repeat {
            while !isLivelocked, let deed = hosts[Int(host)].agent.poll(at: time(of: host)) {
                countEvent()
                perform(deed, of: host)
            }
            flush(host)
            noteEvents(host)
        } while settle(host)
        rearm(host)
    }

    private mutating func perform(_ deed: Agent.Deed, of host: HostIndex) {
        if omission?.takes(deed) == true { return }
        switch deed {
        case .order(let output):
            perform(output.order, of: host)
            if hosts[Int(host)].hasProgram { deeds.append(deed) }
        case .perform(let performance):
            hosts[Int(host)].hasProgram = true
            (userCode.now, userCode.host) = (now, host)
            guard let result = userCode.perform(performance, in: host) else { return }
            hosts[Int(host)].agent.finished(performance.invocation.id, result, at: time(of: host))
        case .block(let invocation, let duration):
            let end = moment(of: time(of: host) + max(.zero, duration), in: host)
            hosts[Int(host)].blocked = heap.insert(.unblock(host, invocation), at: end)
        }
    }

    /// Tells the host's program, once the trace has it; true when there is more to carry out for that.
    private mutating func settle(_ host: HostIndex) -> Bool {
        guard !deeds.isEmpty else { return false }
        var isMore = false
        for deed in deeds {
            guard case .unwanted(let context) = hosts[Int(host)].desk.settle(deed) else { continue }
            hosts[Int(host)].agent.node.shutdown(context, at: time(of: host))
            isMore = true
        }
        deeds.removeAll(keepingCapacity: true)
        return isMore && !isLivelocked
    }

    private mutating func perform(_ order: Order, of host: HostIndex) {
        switch order {
        case .close(let link):
            finishWriting(link, of: host)
            noteDisowned(link, of: host)
            close(link, of: host)
        case .launch(let plan): launch(plan, from: host)
        // No Python runs here, so nobody may send a compressed preamble.
        case .inflate(let link, _): hosts[Int(host)].agent.node.inflated(link, nil, at: time(of: host))
        case .up:
            hosts[Int(host)].state = .running(isUp: true)
            tell(order, of: host)
        // A simulated link is the world's, and so is what happens to it.
        case .shape: break
        // Nothing is printed here that would have to be sent on.
        case .drain: hosts[Int(host)].agent.node.drained(at: time(of: host))
        case .exit:
            flush(host)
            for link in hosts[Int(host)].openLinks { finishWriting(link, of: host) }
            end(host, status: "exit 0")
            // The root's own program outlives its router.
            if hosts[Int(host)].parent != nil { userCode.end(host) }
            tell(order, of: host)
        // Processes die with nobody here.
        case .release, .leaveParent: break
        case .run, .completed, .connected, .deliver, .ending, .log, .lost, .detached: tell(order, of: host)
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
        hosts[Int(host)].plan = plan
        indexByID[plan.context] = host
        let (down, up) = fabric.connect(
            upper: parent, hosts[Int(parent)].id, lower: host, plan: plan, model: settings.link(plan))
        hosts[Int(parent)].open(plan.link, outgoing: down)
        hosts[Int(host)].open(.parent, outgoing: up)
        var random = Random(seed: settings.seed, stream: "host \(plan.context) start")
        heap.insert(.start(host), at: now + settings.startDelay.draw(from: &random))
    }

    /// Moves what waits in out-buffers onto the links: once per turn and link, however often it was announced. What is
    /// for a full link stays in its out-buffer.
    private mutating func flush(_ host: HostIndex) {
        hosts[Int(host)].agent.node.moveReady(to: &ready)
        guard !ready.isEmpty else { return }
        omission?.take(from: &ready)
        for place in ready.indices {
            let link = ready[place]
            let conduit = hosts[Int(host)].outgoing(link)
            if let conduit, fabric[conduit].queue.isFull { continue }
            write(link, of: host, to: conduit)
        }
        ready.removeAll(keepingCapacity: true)
    }

    /// Moves what waits in one out-buffer onto the link, even when that is full: the node takes no more of it back.
    private mutating func write(_ link: LinkID, of host: HostIndex, to conduit: Fabric.ConduitIndex?) {
        var bytes = fabric.buffer()
        // With its last bytes a closed link is forgotten.
        let framesOut = rules.isEmpty ? 0 : hosts[Int(host)].agent.node.framesOut(on: link)
        hosts[Int(host)].agent.node.moveOutbound(link, to: &bytes)
        guard !bytes.isEmpty, let conduit else { return fabric.recycle(&bytes) }
        if omission != nil { omission?.take(from: &bytes, units: fabric[conduit].queue.units(of: bytes)) }
        if rules.isEmpty {
            fabric[conduit].queue.write(consume bytes, at: now)
        } else {
            strike(bytes, to: conduit, framesOut)
        }
        expect(conduit)
        guard fabric[conduit].queue.isFull, !fabric[conduit].isSenderHeldUp else { return }
        fabric[conduit].isSenderHeldUp = true
        hosts[Int(host)].agent.congested(link, at: time(of: host))
    }

    /// Lets in what waits for room in a conduit, and wakes its sender when nothing waits any more.
    private mutating func makeRoom(in conduit: Fabric.ConduitIndex) {
        guard fabric[conduit].isSenderHeldUp else { return }
        fabric[conduit].queue.admit(at: now)
        expect(conduit)
        guard !fabric[conduit].queue.isFull else { return }
        fabric[conduit].isSenderHeldUp = false
        heap.insert(.room(conduit), at: now)
    }

    /// The sender into a conduit may write again.
    private mutating func relieve(_ conduit: Fabric.ConduitIndex) {
        let (host, link) = sender(of: conduit)
        guard hosts[Int(host)].isRunning, hosts[Int(host)].outgoing(link) == conduit else { return }
        hosts[Int(host)].agent.relieved(link, at: time(of: host))
        ready.append(link)
        drain(host)
    }

    /// The host at the beginning of a conduit, and its end of the link.
    func sender(of conduit: Fabric.ConduitIndex) -> (host: HostIndex, link: LinkID) {
        let opposite = fabric.opposite(conduit)
        return (fabric[opposite].host, fabric[opposite].link)
    }

    /// Closes one end of a link: the other end sees it after all that was sent before.
    private mutating func close(_ link: LinkID, of host: HostIndex) {
        guard let conduit = hosts[Int(host)].outgoing(link) else { return }
        hosts[Int(host)].close(link)
        if fabric[fabric.opposite(conduit)].isEndOfProcess { stopReading(fabric.opposite(conduit)) }
        let neighbour = fabric[conduit].host
        if case .starting = hosts[Int(neighbour)].state {
            // Given up before its process began.
            hosts[Int(neighbour)].state = .ended(status: "never started")
        }
        fabric[conduit].queue.end(at: now)
        expect(conduit)
    }

    /// Hands a link that is about to be closed all that its node still has for it.
    private mutating func finishWriting(_ link: LinkID, of host: HostIndex) {
        flush(host)
        write(link, of: host, to: hosts[Int(host)].outgoing(link))
    }

    /// Ends a process: its links close, its timers are gone, and its parent learns how it ended as it sees the close.
    mutating func end(_ host: HostIndex, status: String) {
        endFrozenChildren(of: host)
        let up = hosts[Int(host)].outgoing(.parent)
        for link in hosts[Int(host)].openLinks { close(link, of: host) }
        hosts[Int(host)].state = .ended(status: status)
        if let blocked = hosts[Int(host)].blocked { heap.remove(blocked) }
        hosts[Int(host)].blocked = nil
        rearm(host)
        guard hosts[Int(host)].parent != nil else { return }
        heap.insert(.reaped(host), at: max(now, up.flatMap { fabric[$0].queue.last } ?? now))
    }

    /// Comes back when the next comes out of a conduit.
    mutating func expect(_ conduit: Fabric.ConduitIndex) {
        guard !fabric[conduit].isAwaited, let next = fabric[conduit].queue.next else { return }
        fabric[conduit].isAwaited = true
        heap.insert(.arrival(conduit), at: max(next, now))
    }

    mutating func rearm(_ host: HostIndex) {
        let isAwake = hosts[Int(host)].isRunning && !hosts[Int(host)].isFrozen
        let deadline = isAwake ? hosts[Int(host)].agent.deadline : nil
        let wanted = deadline.map { max(moment(of: $0, in: host), now) }
        let alarm = hosts[Int(host)].alarm
        guard wanted != alarm?.at else { return }
        if let alarm { heap.remove(alarm.slot) }
        hosts[Int(host)].alarm = wanted.map { (heap.insert(.deadline(host), at: $0), $0) }
    }

    /// What a host's clock shows.
    func time(of host: HostIndex) -> Instant { hosts[Int(host)].clock?.time(at: now) ?? now }

    /// When a host's clock shows this.
    private func moment(of time: Instant, in host: HostIndex) -> Instant {
        hosts[Int(host)].clock?.moment(of: time) ?? time
    }

    // MARK: The trace

    private mutating func noteEvents(_ host: HostIndex) {
        let id = hosts[Int(host)].id
        hosts[Int(host)].agent.node.moveEvents(to: &events)
        if hosts[Int(host)].clock != nil {
            // The trace goes by the world's clock alone.
            for index in events.indices { events[index].at = now }
        }
        if wantsRecords {
            for event in events { note(event, in: id) }
        } else {
            var hash = hash
            hash.fold(events.span, in: id)
            self.hash = hash
            records += UInt64(events.count)
        }
        events.removeAll(keepingCapacity: true)
        if !strikes.isEmpty { noteStrikes(in: id) }
    }

    /// What frame faults did to what was sent, behind the sending.
    private mutating func noteStrikes(in sender: ContextID) {
        for strike in strikes { note(strike, in: sender) }
        strikes.removeAll(keepingCapacity: true)
    }

    mutating func note(_ event: Event, in context: ContextID) {
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

    var heap: EventHeap
    var fabric: Fabric
    /// Faults that were planned, those that came included.
    var planned: [(fault: Fault, name: String)] = []
    /// What is to happen to single frames.
    var rules: FrameRules
    /// What this driver will fail to do.
    var omission: OmissionCount?
    /// The frames of the host being drained that were struck.
    var strikes: [Event] = []
    /// What every process is started from, so that all share one table of functions.
    private let image: Agent
    /// In the order of their start; ended ones stay, to be looked at.
    var hosts: [Host]
    /// For look-up only, never iterated.
    var indexByID: [ContextID: HostIndex]
    /// The links of the host being drained that announced bytes.
    private var ready: [LinkID] = []
    /// What the program of the host being drained is to be told; empty between two hosts.
    private var deeds: [Agent.Deed] = []
    /// What the host being drained noted; empty between two hosts.
    private var events: [Event] = []
    private var eventsNow = 0

    func running(_ id: ContextID) -> HostIndex? { indexByID[id].flatMap { hosts[Int($0)].isRunning ? $0 : nil } }
}
