import DequeModule

/// The brain of one context, as a value. It does no I/O, knows no clock and draws no random number.
///
/// Every public method is one of four kinds.
/// - *Facts*: what the world did (`received`, `linkClosed`, `expired` …).
/// - *Commands*: what the program wants (`call`, `send`, `connect`, `shutdown` …).
/// - *Drain*: `poll` hands out orders until nil, `takeReady` the links to write to; `deadline` is the next wake-up.
///   Drain after every fact and command.
/// - *Look*: read only.
///
/// To follow a message, read `received` here, then `Routing/Routing.swift`, then `Routing/Delivery.swift`.
///
/// ```swift
/// node.received(bytes, on: link, at: now)
/// while let output = node.poll() { perform(output.order) }
/// for link in node.takeReady() { write(node.takeOutbound(link), to: link) }
/// ```
public struct Node: Sendable {
    public internal(set) var configuration: Configuration
    /// Who this is; nil in a child until its preamble came.
    public internal(set) var identity: Identity?
    /// What this context says that it is, and compares with what its children say; nil = nothing.
    public var build: Build?
    /// What the parent gave this child beside its identity: the extra keys of its preamble.
    public internal(set) var bootOptions: [Value.Pair] = []

    @usableFromInline var journal: Journal
    var orders = Deque<Output>()
    /// The links whose driver is to be told that bytes wait.
    var ready: [LinkID] = []
    var links = LinkTable()
    var routes: RouteTable
    var handles = HandleTable()
    var dispatcher = Dispatcher()
    @usableFromInline var timers = TimerQueue()
    var names = NameTable()
    var connecting = Connecting()
    var childBoot: ChildBoot?
    var ending = Ending.no
    #if PLANTED_DEFECTS
        var swallowed: SwallowedFrames?
    #endif

    /// A root: context 0, with nobody above.
    public init(master configuration: Configuration = Configuration()) {
        self.configuration = configuration
        journal = Journal(configuration)
        routes = RouteTable(own: .master, ancestors: [], isUnidirectional: configuration.isUnidirectional)
        identity = Identity(id: .master, ancestors: [], name: "master")
        connecting.ids = 1..<UInt32.max
        plantDefect()
        journal.note(.contextUp) { $0.text = "master" }
    }

    /// A child that was just started: link `.parent` is open, who it is comes in the first `preambleLength` bytes.
    public init(childAwaiting preambleLength: Int, configuration: Configuration = Configuration()) {
        self.configuration = configuration
        journal = Journal(configuration)
        routes = RouteTable(own: .master, ancestors: [], isUnidirectional: false)
        childBoot = ChildBoot(preambleLength: preambleLength)
        plantDefect()
        links.insert(Link(.parent, state: .awaitingPreamble, remote: .master, name: .master, isUp: true))
        writeRaw(ChildBoot.hello, to: .parent)
    }

    // MARK: Facts

    /// Bytes came in on a link, cut anywhere.
    public mutating func received(_ bytes: Span<UInt8>, on link: LinkID, at now: Instant) {
        guard isListening(to: link, at: now) else { return }
        switch links[link].state {
        case .open:
            readFrames(bytes, on: link)
        case .booting:
            var offset = 0
            readBoot(bytes, from: &offset, on: link)
            if links.contains(link), links[link].state == .open, offset < bytes.count {
                readFrames(bytes.extracting(offset..<bytes.count), on: link)
            }
        case .awaitingPreamble:
            let consumed = readPreamble(bytes)
            if links.contains(link), links[link].state == .open, consumed < bytes.count {
                readFrames(bytes.extracting(consumed..<bytes.count), on: link)
            }
        case .closed:
            break
        }
    }

    /// The peer hung up, or the link broke; `end` says how its process ended, where that is known.
    public mutating func linkClosed(_ link: LinkID, _ end: ChildEnd? = nil, at now: Instant) {
        guard isListening(to: link, at: now) else { return }
        lose(link, because: .none, end: end)
    }

    /// The child of a `.launch` order was started; `process` is its number where it has one.
    public mutating func launched(_ link: LinkID, process: Int32? = nil, at now: Instant) {
        guard isListening(to: link, at: now) else { return }
        named(link, process: process)
    }

    /// The child of a `.launch` order could not be started.
    public mutating func launchFailed(_ link: LinkID, _ why: StreamError, at now: Instant) {
        guard isListening(to: link, at: now) else { return }
        abandonBoot(of: link, because: why)
        connecting.children[link] = nil
        childLinkClosed()
    }

    /// The answer to `.inflate`: the text, or nil when it was no zlib stream.
    public mutating func inflated(_ link: LinkID, _ text: [UInt8]?, at now: Instant) {
        guard isListening(to: link, at: now) else { return }
        comeUp(preamble: text)
    }

    /// The process below `link` ended; `status` is for people: `signal 9`, `exit 1`.
    public mutating func childExited(_ link: LinkID, _ status: String, at now: Instant) {
        journal.now = now
        guard let context = connecting.children.removeValue(forKey: link) else { return }
        journal.begin(.childExited) {
            $0.link = context
            $0.subject = context
            $0.text = status
        }
    }

    /// `deadline` has come.
    public mutating func expired(at now: Instant) {
        journal.now = now
        while let key = timers.popDue(at: now) {
            switch key {
            case .call(let handle): timeOut(handle)
            case .boot(let link):
                journal.begin(.timerFired) { [name = links[link].name] in $0.link = name }
                abandonBoot(of: link, because: StreamError("Connection timed out."))
                childLinkClosed()
            case .farewell(let link): cutOffDeaf(link)
            case .grace:
                journal.begin(.timerFired)
                finish()
            }
        }
    }

    /// The answer to `.ending`: every log record that there was has been handed over.
    public mutating func drained(at now: Instant) {
        guard case .waiting(let reason, isDrained: false) = ending else { return }
        journal.now = now
        journal.cause = 0
        ending = .waiting(reason, isDrained: true)
        childLinkClosed()
    }

    /// A function that `.run` asked for ended.
    public mutating func finished(
        _ invocation: InvocationID, _ result: Result<Value, FunctionError>, at now: Instant
    ) {
        journal.now = now
        journal.cause = 0
        answer(invocation, result)
    }

    /// A function that is running begins to wait for `what`, or goes on (nil): for the trace only.
    public mutating func parked(_ invocation: InvocationID, on what: String?, at now: Instant) {
        journal.now = now
        guard let job = dispatcher.current, job.invocation.id == invocation else { return }
        journal.begin(what == nil ? .waiterWoken : .waiterParked) {
            $0.source = job.invocation.source
            $0.replyTo = job.replyTo
            $0.text = what ?? ""
        }
    }

    /// From here on this context, and every child that it starts, writes a verbose log.
    public mutating func enableDebugging() {
        configuration.isDebugging = true
        journal.isKept = true
    }

    /// From here on this context, and every child that it starts, measures what its loop does.
    public mutating func enableProfiling() { configuration.isProfiling = true }

    // MARK: Drain

    /// The next order, or nil when there is nothing left to do until the next fact or command.
    public mutating func poll() -> Output? { orders.popFirst() }

    /// When `expired` wants to be called next.
    @inlinable public var deadline: Instant? { timers.next }

    /// Is there something to poll? Cheaper than polling.
    public var hasOrders: Bool { !orders.isEmpty }

    /// The links in whose out-buffers bytes wait: move them out with `takeOutbound` and write them, once per turn, when
    /// everything polled was carried out. A link comes again only for bytes that came after that.
    public mutating func takeReady() -> [LinkID] {
        var links: [LinkID] = []
        moveReady(to: &links)
        return links
    }

    /// The same, added to `links`.
    public mutating func moveReady(to links: inout [LinkID]) {
        guard !ready.isEmpty else { return }
        if links.isEmpty { return swap(&links, &ready) }
        links += ready
        ready.removeAll(keepingCapacity: true)
    }

    /// The bytes that wait on a link, moved out; the link's out-buffer is empty afterwards.
    public mutating func takeOutbound(_ link: LinkID) -> [UInt8] {
        var taken: [UInt8] = []
        moveOutbound(link, to: &taken)
        return taken
    }

    /// Appends the bytes that wait on a link to `buffer`. An empty buffer gives its storage to the link for them.
    public mutating func moveOutbound(_ link: LinkID, to buffer: inout [UInt8]) {
        guard links.contains(link) else { return }
        links[link].isReady = false
        if buffer.isEmpty {
            swap(&buffer, &links[link].outbound)
        } else {
            buffer.append(contentsOf: links[link].outbound)
            links[link].outbound.removeAll(keepingCapacity: true)
        }
        if links[link].state == .closed { links.remove(link) }
    }

    /// The events noted since the last look; always empty unless `isTraced`.
    public mutating func takeEvents() -> [Event] {
        var events: [Event] = []
        journal.swapEvents(for: &events)
        return events
    }

    /// The same for a driver that looks after every turn: `buffer` must be empty, and what storage it has is used for
    /// the next events.
    public mutating func moveEvents(to buffer: inout [Event]) {
        precondition(buffer.isEmpty, "what was noted before is forgotten when new events take its place")
        journal.swapEvents(for: &buffer)
    }

    // MARK: Look

    /// Has `.exit` been ordered?
    public var hasEnded: Bool { ending == .over }
    /// The link that a message to `context` would take first; nil when it cannot be reached.
    public func route(to context: ContextID) -> LinkID? { routes.link(to: context) }
    /// The context at the other end of a link; nil when it is gone.
    public func neighbour(on link: LinkID) -> ContextID? { links.contains(link) ? links[link].remote : nil }
    /// How many bytes the driver has not taken for a link yet.
    public func bytesWaiting(on link: LinkID) -> Int { links.contains(link) ? links[link].outbound.count : 0 }
    /// How many frames were written to a link; 0 when it is gone.
    public func framesOut(on link: LinkID) -> UInt64 { links.contains(link) ? links[link].framesOut : 0 }
    /// The name by which `context` is known here.
    public func name(of context: ContextID) -> String? { names[context] }
    /// The handles that this context gave out and that are open: its calls, its receivers and its own questions.
    public var openHandles: [Handle] { handles.handles }
    /// How many functions run or wait to run here.
    public var invocationCount: Int { dispatcher.count }

    /// Are events noted for `takeEvents`?
    @inlinable public var isTraced: Bool { journal.isKept }

    /// The state as one number: equal nodes have equal digests, in every process.
    public var digest: UInt64 {
        var digest = StateDigest()
        fold(into: &digest)
        return digest.value
    }

    // MARK: Inside

    /// Dates what follows, which is due to nothing that was noted before, and tells whether a fact about `link` still
    /// counts.
    @inline(__always)
    private mutating func isListening(to link: LinkID, at now: Instant) -> Bool {
        journal.now = now
        journal.cause = 0
        return links.contains(link) && links[link].state != .closed && ending != .over
    }

    /// Takes in the planted bug that the configuration names.
    mutating func plantDefect() {
        #if PLANTED_DEFECTS
            swallowed = configuration.defect.flatMap(SwallowedFrames.init)
        #endif
    }

    mutating func order(_ order: Order) {
        orders.append(Output(order: order, cause: journal.cause))
    }

    var ownID: ContextID { routes.own }
    var isMaster: Bool { identity?.ancestors.isEmpty ?? false }
}
