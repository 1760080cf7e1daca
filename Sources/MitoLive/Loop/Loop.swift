import MitoCore
import MitoLinux
import Mitoscope

/// The broker's loop: it waits, tells the agent what happened, and does what the agent orders.
///
/// A turn is: wait · stdio, links and processes · submitted jobs · what is due · the trace · the links' bytes · what
/// concerns the program. All of it is on one thread at a time, the mailbox's reader: the loop's own, or one that blocks
/// for an answer, see `Helm`. Other threads only reach the mailbox.
struct Loop: ~Copyable {
    /// A piece of work from elsewhere, and what to call it in the log.
    struct Job: Sendable {
        let label: StaticString
        let body: World.Work
    }

    var agent: Agent
    var desk = Desk()
    let settings: Broker.Settings
    let mailbox: Mailbox<Job>
    let watchlist: Watchlist
    let onDeed: @Sendable (Agent.Deed) -> Void

    var links = LiveLinkTable()
    var lingering: [LinkID] = []
    /// The links that have a `shaping`.
    var shaped: [LinkID] = []
    /// Links that the other side closed while its process seems to live: why it ends is worth a short wait.
    var hungUp: [LinkID: Instant] = [:]
    let nursery: Nursery
    var stdio: StdioCapture?
    /// What this process's code says to swift-log, where it goes to the root.
    var forwarding: LogForwarding?
    private var trace: TraceFile?
    var isTraced: Bool { trace != nil }
    private var debug: DebugFile?
    private var flight: FlightFiles
    private var request: RequestBell?
    var profile: Profile?
    private var observed = (profiling: false, debugging: false)
    let dispatch = DispatchThread()
    /// What functions here make their own calls through.
    let router: Router
    let log = LogOutput()

    /// What this turn has to look at, and to do.
    private var news: [Watchlist.News] = []
    private var jobs: [Job] = []
    /// What it has to write and to tell.
    var ready: [LinkID] = []
    var deeds: [Agent.Deed] = []
    /// What of that is being written and told. Apart, as both lead to more; and kept, for their storage.
    private var written: [LinkID] = []
    private var told: [Agent.Deed] = []
    private var slow: SlowTurn
    private var slowTurns = SlowTurns()
    var now: Instant
    var exit: (reason: ExitReason, deed: Agent.Deed)?
    /// Does another thread than the loop's own take the turns?
    private(set) var isGuided = false
    /// When that thread wants to go on, whatever has come by then.
    private var guestDeadline: Instant?
    /// A child to be started on the loop's own thread, with which it dies. Until then nothing later is carried out.
    var launch: LaunchPlan?
    /// Children to be started on the loop's own thread, now that the search for their containers' leaders is over.
    var found: [LinkID] = []
    /// Has a call's time been over in this turn?
    var hasTimedOut = false
    var buffer = [UInt8](repeating: 0, count: 128 * 1024)

    init(
        agent: Agent, settings: Broker.Settings, mailbox: Mailbox<Job>, poller: any Poller,
        onDeed: @escaping @Sendable (Agent.Deed) -> Void
    ) throws(SystemError) {
        self.agent = agent
        self.agent.node.build = agent.build
        self.settings = settings
        self.mailbox = mailbox
        self.onDeed = onDeed
        watchlist = Watchlist(poller)
        nursery = Nursery(settings)
        router = Router(world: LoopWorld(mailbox))
        now = .monotonic
        slow = SlowTurn(at: now)
        desk.descriptors.isServed = true
        flight = FlightFiles(folder: settings.flightFolder)
        if agent.node.configuration.isTraced, let path = settings.tracePath {
            do throws(SystemError) {
                trace = try TraceFile(path: path, isRoot: agent.node.identity != nil)
            } catch {
                let origin = path == Broker.Settings.tracePathOfEnvironment ? " (\(Broker.Settings.traceVariable))" : ""
                throw SystemError("the trace '\(path)'\(origin): \(error.call)", error.code)
            }
        }
        try watchlist.watch(mailbox.number, for: .mailbox, reads: true)
        guard settings.answersSignal else { return }
        let bell = try RequestBell()
        try watchlist.watch(bell.number, for: .request, reads: true)
        request = bell
    }

    /// Does what there is to do before anything has happened.
    mutating func begin() {
        carryOut()
        observe()
        endTurn()
    }

    /// Ends what is left to be ended once every link is closed and every child is gone; nil until then.
    mutating func finish() -> ExitReason? {
        guard let exit, links.isEmpty, nursery.isEmpty else { return nil }
        nursery.end()
        end(exit.deed)
        return exit.reason
    }

    /// Is there something to do that another thread may not?
    var needsOwnThread: Bool { launch != nil || !found.isEmpty || exit != nil }

    /// Takes turns on the thread of one who waits, until the answer is there, or the time is over, or the loop needs
    /// its own thread.
    mutating func beGuided(until arrival: Arrival, _ deadline: Instant?) {
        (isGuided, guestDeadline) = (true, deadline)
        turn()
        while !arrival.hasHappened, !needsOwnThread, deadline.map({ .monotonic < $0 }) ?? true { takeTurn() }
        (isGuided, guestDeadline) = (false, nil)
    }

    // MARK: A turn

    /// Waits, unless there are jobs already, and does what there is to do.
    mutating func takeTurn() {
        wait()
        turn()
    }

    private mutating func turn() {
        let before = now
        now = .monotonic
        profile?.did(.waiting, from: before, to: now)
        slow = SlowTurn(at: now)
        if !isGuided { launchPlanned() }
        // What was printed came before what the parent says next, which may be that this is the end.
        for place in news.indices { if case .stdio(let channel) = news[place].owner { readStdio(channel) } }
        for place in news.indices {
            let item = news[place]
            switch item.owner {
            case .mailbox: mailbox.wake()
            case .stdio: break
            case .request:
                request?.clear()
                leaveRecording(on: .signal)
            case .process(let link): exited(link)
            case .report(let link): readReport(of: link)
            case .search(let link): foundLeader(link)
            case .errors(let link): nursery.readErrors(of: link, into: &buffer, on: watchlist)
            case .program(let number): becameReady(number, item)
            case .link(let link):
                if item.isWritable { ready.append(link) }
                if item.isReadable { read(link) }
            }
        }
        news.removeAll(keepingCapacity: true)
        if !isGuided { startFound() }
        mailbox.take(into: &jobs)
        for place in jobs.indices {
            perform(jobs[place])
            tick(.job(jobs[place].label))
        }
        jobs.removeAll(keepingCapacity: jobs.capacity <= Self.keptMax)
        if let due = nextDeadline(), due <= now {
            expire()
            tick(.deadline)
        }
        if hasTimedOut {
            hasTimedOut = false
            leaveRecording(on: .timeout)
        }
        endTurn()
    }

    private mutating func endTurn() {
        repeat {
            // A frame's line must be in the file before the frame is anywhere else, and so must whatever led to
            // what the program is told: what it does next may show in another context's lines.
            writeTrace()
            let (isWriting, isTelling) = (!ready.isEmpty, !deeds.isEmpty)
            flush()
            writeTrace()
            if isWriting { tick(.writing) }
            tell()
            if isTelling { tick(.telling) }
        } while !ready.isEmpty || !deeds.isEmpty || complain()
    }

    private mutating func flush() {
        while !ready.isEmpty {
            swap(&ready, &written)
            for place in written.indices { flush(written[place]) }
            written.removeAll(keepingCapacity: true)
            writeTrace()
        }
    }

    private mutating func tell() {
        swap(&deeds, &told)
        for place in told.indices {
            switch desk.settle(told[place]) {
            case .answer: break
            case .news: onDeed(told[place])
            case .unwanted(let context): feed { agent, now in agent.node.shutdown(context, at: now) }
            }
        }
        told.removeAll(keepingCapacity: told.capacity <= Self.keptMax)
    }

    /// The program's command, and everything that the agent orders then.
    private mutating func perform(_ job: Job) {
        job.body(&agent, &desk, now)
        watchDescriptors()
        carryOut()
        observe()
    }

    /// The agent's next fact, and everything that it orders then.
    mutating func feed(_ fact: (inout Agent, Instant) -> Void) {
        fact(&agent, now)
        carryOut()
    }

    mutating func tick(_ work: SlowTurn.Work) {
        let start = now
        now = .monotonic
        slow.did(work, at: now)
        profile?.did(work.kind, from: start, to: now)
    }

    /// True when the turn was a slow one and there is a record of it to be sent.
    private mutating func complain() -> Bool {
        // A trace tells the same by its times, and must not depend on how busy the machine is.
        guard trace == nil, let complaint = slowTurns.complaint(about: slow, at: now), !agent.node.hasEnded else {
            return false
        }
        slow = SlowTurn(at: now)
        warn(complaint)
        carryOut()
        return true
    }

    mutating func writeTrace() {
        guard agent.node.isTraced, let identity = agent.node.identity else { return }
        let events = agent.node.takeEvents()
        Self.writeAside(isGuided) {
            trace?.append(events, of: identity.id)
            debug?.append(events)
        }
    }

    /// Writes what is no link: a pipe that nobody reads any more must not end the program, whose thread this may be.
    static func writeAside(_ isGuided: Bool, _ body: () -> Void) {
        if isGuided { Thread.withoutBrokenPipeSignal(body) } else { body() }
    }

    /// Leaves what the flight recorder holds for whoever asked, or will want to know why somebody waited too long.
    mutating func leaveRecording(on occasion: FlightFiles.Occasion) {
        guard agent.node.identity != nil else { return }
        do throws(SystemError) {
            var recording = agent.node.flightRecording
            // What this turn is yet to tell the program is not lost.
            recording.standing += desk.waits(beside: deeds).map(\.event)
            guard let path = try flight.leave(recording, on: occasion) else { return }
            warn("what happened last is in \(path)")
        } catch {
            warn("what happened last could not be written: \(error)")
        }
        carryOut()
    }

    /// What a link did, for who asked for every read and write.
    mutating func noteIO(_ text: @autoclosure () -> String) {
        guard agent.node.configuration.isIOLogged else { return }
        Self.writeAside(isGuided) {
            log.write(io: text())
            debug?.append(io: text(), at: now)
        }
    }

    /// Begins to measure and to write the verbose log, once that is wanted of a context that knows who it is.
    mutating func observe() {
        let wanted = (agent.node.configuration.isProfiling, agent.node.configuration.isDebugging)
        guard wanted != observed, let identity = agent.node.identity else { return }
        observed = wanted
        nursery.isPatient = wanted.0
        if wanted.0, profile == nil { profile = Profile(at: now) }
        guard wanted.1, debug == nil else { return }
        do throws(SystemError) {
            debug = try DebugFile(of: identity)
        } catch {
            warn("there is no verbose log: \(error)")
            carryOut()
        }
    }

    /// The loop is over, in good order: what was measured is kept.
    private mutating func leaveProfile() {
        guard let profile, let identity = agent.node.identity else { return }
        _ = try? profile.write(of: identity)
    }

    /// Writes what the node does not know of.
    mutating func writeTrace(_ events: [Event]) {
        guard let context = agent.node.identity?.id else { return }
        trace?.append(events, of: context)
    }

    private mutating func end(_ deed: Agent.Deed) {
        mailbox.close(into: &jobs)
        for place in jobs.indices { perform(jobs[place]) }
        jobs.removeAll()
        endTurn()
        leaveProfile()
        // Whoever asked for the end is told only now, when nothing is left.
        _ = desk.settle(deed)
    }

    // MARK: Waiting

    private mutating func wait() {
        guard mailbox.isEmpty, launch == nil, found.isEmpty else { return watchlist.wait(milliseconds: 0, into: &news) }
        if settings.isSpinning {
            spin()
            guard news.isEmpty, mailbox.isEmpty else { return }
        }
        watchlist.wait(milliseconds: mailbox.sleep() ? millisecondsToWait() : 0, into: &news)
    }

    /// Looks again and again for a while: waking up a sleeping processor costs more than a short wait.
    private mutating func spin() {
        let end = min(.monotonic + Self.spinMax, nextDeadline() ?? .distantFuture)
        repeat {
            watchlist.wait(milliseconds: 0, into: &news)
        } while news.isEmpty && mailbox.isEmpty && .monotonic < end
    }

    private mutating func millisecondsToWait() -> Int32 {
        guard let deadline = nextDeadline() else { return -1 }
        // Rounded up: a timer that fires early would be asked for again at once, for a whole millisecond.
        let milliseconds = ((deadline - .monotonic).nanoseconds + 999_999) / 1_000_000
        return Int32(clamping: max(0, milliseconds))
    }

    /// When there is something to do, whatever comes until then. Mutating, since a loop is large to copy, which is what
    /// a computed property comes to.
    private mutating func nextDeadline() -> Instant? {
        var next = agent.deadline
        func consider(_ other: Instant?) {
            if let other { next = next.map { min($0, other) } ?? other }
        }
        consider(nursery.deadline)
        consider(guestDeadline)
        for id in lingering { consider(links[id]?.lingersUntil) }
        if !shaped.isEmpty { consider(shapingDeadline()) }
        if !hungUp.isEmpty { for (_, end) in hungUp { consider(end) } }
        return next
    }

    private mutating func expire() {
        if let due = agent.deadline, due <= now {
            let hadEnded = agent.node.hasEnded
            feed { agent, now in agent.expired(at: now) }
            // Only the grace ends a context by the clock: somebody below did not end in time.
            if agent.node.hasEnded, !hadEnded { leaveRecording(on: .grace) }
        }
        for id in lingering where links[id]?.lingersUntil.map({ $0 <= now }) ?? false { drop(id) }
        if !shaped.isEmpty { expireShaping() }
        for (id, end) in hungUp.sorted(by: { $0.key < $1.key }) where end <= now { lost(id) }
        for (link, status) in nursery.look(at: now, on: watchlist) {
            feed { agent, now in agent.node.childExited(link, status, at: now) }
        }
    }

    private static let spinMax = Duration.microseconds(20)
    /// How many jobs or deeds a turn keeps room for: a burst does not hold its memory for ever.
    private static let keptMax = 1024
}
