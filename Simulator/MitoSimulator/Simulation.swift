public import MitoCore
public import MitoLinks
public import MitoTrace
public import Mitoscope

/// A world of contexts under virtual time. A run is a pure function of the build, what is asked of it, and the seed.
///
/// Contexts come up only as their parents launch them, with the real handshake over simulated links:
/// ```swift
/// let simulation = Simulation(seed: 1, functions: [echo]) { _ in LinkModel(delay: .constant(.milliseconds(5))) }
/// simulation.onOrder = { context, order in … }
/// simulation.withAgent(.master) { agent, now in agent.node.connect(ConnectRequest(name: "web"), at: now) }
/// simulation.run()
/// ```
/// Callbacks come between events, so they may command, look and schedule, but not step or run.
/// One thread owns a simulation; any number of them may run beside each other.
public final class Simulation {
    /// Called with each record of the trace in order. Records exist only where `Node.Configuration.isTraced`.
    public var onRecord: ((TraceRecord) -> Void)? {
        didSet { kernel.wantsRecords = onRecord != nil }
    }
    /// Called with each order that is the program's business: ended calls and connects, deliveries, logs, losses …
    public var onOrder: ((ContextID, Order) -> Void)? {
        didSet { kernel.wantsOrders = onOrder != nil }
    }
    /// Called when the time of a scheduled token has come.
    public var onToken: ((UInt64) -> Void)?

    /// - Parameters:
    ///   - seed: what all chance is drawn from.
    ///   - configuration: what every context has unless `configure` changes it. Without `isTraced` there are no
    ///     records and nothing to hash.
    ///   - functions: the image that every context is started from.
    ///   - startDelay: how long a process takes from the order to its first instruction.
    ///   - eventsPerInstantMax: more events than this without time going on are a livelock.
    ///   - omission: one thing that the simulation is to fail to do, for those who look for such a bug.
    ///   - link: the model of the link to a context about to be launched.
    ///   - configure: gives one context a configuration of its own, such as a planted defect.
    public init(
        seed: UInt64, configuration: Node.Configuration = .traced, functions: [any ImageFunction],
        startDelay: Delay = .constant(.milliseconds(1)), eventsPerInstantMax: Int = 1_000_000,
        omission: Omission? = nil, link: @escaping (LaunchPlan) -> LinkModel,
        configure: @escaping (LaunchPlan, inout Node.Configuration) -> Void = { _, _ in }
    ) {
        kernel = Kernel(
            Kernel.Settings(
                seed: seed, configuration: configuration, functions: functions, startDelay: startDelay,
                eventsPerInstantMax: eventsPerInstantMax, omission: omission, link: link, configure: configure))
        userCode = kernel.userCode
    }

    deinit { close() }

    /// Nothing happens any more; user code that still waits never goes on.
    func close() { kernel.close() }

    // MARK: Time

    /// Lets the next thing happen: an event, or a piece of user code. False when nothing is left, the world is
    /// livelocked, or something has left it.
    @discardableResult
    public func step() -> Bool {
        expectNoCallback()
        let happened = isHeld && userCode.machine.enter(happen)
        handOut()
        return happened
    }

    /// Runs until nothing is left to happen, or `end`, which is then the time.
    @discardableResult
    public func run(until end: Instant = Instant(nanoseconds: .max)) -> Halt {
        expectNoCallback()
        while true {
            if isLivelocked { return .livelocked(at: now) }
            if let escape { return .escaped(escape) }
            guard let next else { return .quiescent }
            guard next <= end else {
                kernel.advance(to: end)
                return .reached
            }
            if userCode.wantsTurn {
                step()
            } else {
                userCode.machine.enter { kernel.run(until: end) }
                handOut()
            }
        }
    }

    /// Why a run came to a halt.
    public enum Halt: Hashable, Sendable {
        /// Nothing can happen any more unless the program asks for something.
        case quiescent
        /// The time that was named has come; later events wait.
        case reached
        /// Events followed each other without time going on.
        case livelocked(at: Instant)
        /// User code did what no simulation can hold.
        case escaped(Escape)
    }

    /// Wakes the caller through `onToken`: at `time`, or now if that has passed.
    public func schedule(at time: Instant, token: UInt64) { kernel.schedule(token, at: time) }

    // MARK: Commands

    /// Lets the program in one context do something; what follows from it is carried out before this returns.
    /// `body` must not touch the simulation. Nil when no such context runs.
    @discardableResult
    public func withAgent<R>(_ id: ContextID, _ body: (inout Agent, Instant) -> R) -> R? {
        let result = userCode.machine.enter { kernel.command(id, body) }
        handOut()
        return result
    }

    /// Crashes a context: no farewell. What it had sent still arrives, then its neighbours see the end of the stream.
    /// False when no such context runs.
    @discardableResult
    public func kill(_ id: ContextID) -> Bool { perform(.kill(id)) }

    /// Lets the world do something to the tree.
    ///
    /// - Parameters:
    ///   - fault: what is done, and to which context or link.
    ///   - name: what a story calls it, in the trace.
    /// - Returns: false when it cannot be done, and then nothing happened: no such context runs, its link is closed, or
    ///   it is frozen or thawed already.
    @discardableResult
    public func perform(_ fault: Fault, as name: String = "") -> Bool {
        let isDone = userCode.machine.enter { kernel.perform(fault, as: name) }
        handOut()
        return isDone
    }

    /// Lets the world do at their times what chance has chosen, as far as it can be done then.
    public func perform(_ strikes: [Chaos.Strike], as name: String = "") {
        for strike in strikes { kernel.schedule(strike.fault, as: name, at: now + strike.after) }
    }

    /// Crashes a context, unless it has ended, and starts a fresh one with its name at its place; what was below it is
    /// gone. Nil when its parent does not run. `.connected` follows in the root.
    @discardableResult
    public func restart(_ id: ContextID, as name: String = "") -> ConnectID? {
        let connect = userCode.machine.enter { kernel.restart(id, as: name) }
        handOut()
        return connect
    }

    /// Notes in the trace what programs still wait for and what they were shown, when nothing can happen any more: what
    /// never reached a program only the program can tell.
    public func noteWaits() {
        kernel.noteWaits()
        handOut()
    }

    /// The same of a program that is not in here, and commands a context from outside.
    public func note(_ wait: ProgramWait, in context: ContextID) {
        kernel.note(wait, in: context)
        handOut()
    }

    // MARK: Look

    public var now: Instant { kernel.now }
    /// The contexts that are up, in the order in which they were started.
    public var contexts: [ContextID] { kernel.contexts }
    /// The youngest context that runs and was started under this name; nil when there is none.
    public func context(named name: String) -> ContextID? { kernel.context(named: name) }
    /// The names that contexts were started under, in the order of their start, those that have ended included.
    public var contextNames: [String] { kernel.contextNames }
    /// What still runs, in the order of the contexts: processes, and the program or function of each that has not come
    /// to its end. Once the root has ended, all of it was left behind.
    public var remains: [Remains] { kernel.remains }
    /// Ends of links that contexts have closed and this world has not.
    public var staleEnds: [Remains] { kernel.staleEnds }
    /// Has what this simulation was to fail to do come up, and was not done?
    public var hasOmitted: Bool { kernel.hasOmitted }
    /// A copy of a context, running or ended; nil when there was none.
    public func agent(_ id: ContextID) -> Agent? { kernel.agent(id) }
    public var isLivelocked: Bool { kernel.isLivelocked }
    /// What user code did first that no simulation can hold; nothing happens any more then.
    public var escape: Escape? { userCode.escape }
    /// What left this simulation, if anything did. Where user code still waits it looks for up to half a second of real
    /// time: a thread outside may be about to resume it, and whoever takes that for a hang is mistaken.
    public func findEscape() -> Escape? {
        for _ in 0..<50 where escape == nil && userCode.isWaiting { Parkers.current.park(timeout: .milliseconds(10)) }
        return escape
    }
    /// The trace so far in one number: time, context and every field of every record.
    public var hash: UInt64 { kernel.hash.value }
    /// The order in which user code ran in one number, and what chance it asked for.
    public var userCodeHash: UInt64 { userCode.hash }
    /// Records so far, heard or not.
    public var records: UInt64 { kernel.records }
    /// Frames that links have handed to decoders, counted by the links themselves.
    public var framesMoved: UInt64 { kernel.framesMoved }

    // MARK: Parts

    private var kernel: Kernel
    /// The user's code in here: the kernel's too.
    let userCode: UserCode
    private var isHandingOut = false
    /// Emptied and swapped with the kernel's, so that neither allocates again.
    private var news = Kernel.News()

    /// What keeps programs and functions that have not come to their end, when nothing can happen any more.
    func hang() -> Hang { Hang(at: now, waits: kernel.waits(), tasks: kernel.waitingTasks) }

    /// Tasks that were begun and left, and have not ended.
    var waitingTasks: [Remains] { kernel.waitingTasks }

    private func expectNoCallback() {
        precondition(!isHandingOut, "callbacks come between events: they command and schedule, the caller steps")
    }

    private var isHeld: Bool { !kernel.isLivelocked && userCode.escape == nil }

    /// When the next thing happens; nil when nothing is left to happen.
    private var next: Instant? { userCode.wantsTurn ? now : kernel.next }

    /// What programs asked for comes first, as it does in a process; then a piece of user code or an event, by lot
    /// where both could be next.
    private func happen() -> Bool {
        if userCode.hasRequests {
            kernel.perform(userCode.takeRequests())
        } else if !userCode.isReady || !userCode.runOne(others: kernel.next == now ? 1 : 0) {
            guard kernel.step() else { return false }
        }
        kernel.ranUserCode()
        return true
    }

    /// Tells what happened, and what happens because of that, in order.
    private func handOut() {
        guard !isHandingOut, !kernel.news.isEmpty else { return }
        isHandingOut = true
        defer { isHandingOut = false }
        while !kernel.news.isEmpty {
            kernel.takeNews(into: &news)
            for record in news.records { onRecord?(record) }
            for (context, order) in news.orders { onOrder?(context, order) }
            for token in news.tokens { onToken?(token) }
            news.records.removeAll(keepingCapacity: true)
            news.orders.removeAll(keepingCapacity: true)
            news.tokens.removeAll(keepingCapacity: true)
        }
    }
}

extension Node.Configuration {
    /// The defaults, and every event noted. Where there is a trace a flight recording says nothing more.
    public static var traced: Node.Configuration {
        var configuration = Node.Configuration()
        configuration.isTraced = true
        configuration.flightEntriesMax = 0
        return configuration
    }
}
