import MitoCore
import MitoLinux
import Mitoscope

/// The broker's loop: it waits, tells the agent what happened, and does what the agent orders.
///
/// A turn is: wait · stdio, links and processes · submitted jobs · what is due · the trace · the links' bytes · what
/// concerns the program. All of it is on one thread; other threads only reach the mailbox.
final class Loop {
    /// A piece of work from elsewhere, and what to call it in the log.
    struct Job: Sendable {
        let label: StaticString
        let body: @Sendable (inout Agent, inout CommandTable, Instant) -> Void
    }

    private var agent: Agent
    private var commands = CommandTable()
    private let settings: Broker.Settings
    private let mailbox: Mailbox<Job>
    private let watchlist: Watchlist
    private let onDeed: @Sendable (Agent.Deed) -> Void

    private var links: [LinkID: LiveLink] = [:]
    private var lingering: [LinkID] = []
    private let nursery: Nursery
    private var stdio: StdioCapture?
    private var trace: TraceFile?
    private let dispatch = DispatchThread()
    private let log = LogOutput()

    /// What this turn has to write and to tell.
    private var ready: [LinkID] = []
    private var deeds: [Agent.Deed] = []
    private var slow: SlowTurn
    private var now: Instant
    private var exit: (reason: ExitReason, deed: Agent.Deed)?
    private var buffer = [UInt8](repeating: 0, count: 128 * 1024)

    init(
        agent: Agent, settings: Broker.Settings, mailbox: Mailbox<Job>, poller: any Poller,
        onDeed: @escaping @Sendable (Agent.Deed) -> Void
    ) throws(SystemError) {
        self.agent = agent
        self.settings = settings
        self.mailbox = mailbox
        self.onDeed = onDeed
        watchlist = Watchlist(poller)
        nursery = Nursery(settings)
        now = .monotonic
        slow = SlowTurn(at: now)
        if agent.node.configuration.isTraced, let path = settings.tracePath {
            trace = try TraceFile(path: path, isRoot: agent.node.identity != nil)
        }
        try watchlist.watch(mailbox.number, for: .mailbox, reads: true)
    }

    /// Adds the link that a process was started with.
    func open(_ link: LiveLink) throws(SystemError) {
        try link.start(on: watchlist)
        links[link.id] = link
    }

    /// Drives the context to its end: returns when every link is closed and every child is gone.
    func run() -> ExitReason {
        carryOut()
        endTurn()
        while true {
            if let exit, links.isEmpty, nursery.isEmpty {
                end(exit.deed)
                return exit.reason
            }
            turn(wait())
        }
    }

    // MARK: A turn

    private func turn(_ news: [Watchlist.News]) {
        now = .monotonic
        slow = SlowTurn(at: now)
        // What was printed came before what the parent says next, which may be that this is the end.
        for case .stdio(let channel) in news.lazy.map(\.owner) { readStdio(channel) }
        for item in news {
            switch item.owner {
            case .mailbox: mailbox.wake()
            case .stdio: break
            case .process(let link): exited(link)
            case .link(let link):
                if item.isWritable { ready.append(link) }
                if item.isReadable { read(link) }
            }
        }
        for job in mailbox.take() {
            perform(job)
            tick(.job(job.label))
        }
        if let deadline, deadline <= now {
            expire()
            tick(.deadline)
        }
        endTurn()
    }

    private func endTurn() {
        repeat {
            // A frame's line must be in the file before the frame is anywhere else, and so must whatever led to
            // what the program is told: what it does next may show in another context's lines.
            writeTrace()
            flush()
            writeTrace()
            tick(.writing)
            tell()
            tick(.telling)
        } while !ready.isEmpty || !deeds.isEmpty
        complain()
    }

    private func flush() {
        while !ready.isEmpty {
            let batch = ready
            ready.removeAll(keepingCapacity: true)
            for id in batch { flush(id) }
            writeTrace()
        }
    }

    private func tell() {
        let batch = deeds
        deeds.removeAll(keepingCapacity: true)
        for deed in batch {
            switch commands.settle(deed) {
            case .answer: break
            case .news: onDeed(deed)
            case .unwanted(let context): feed { agent, now in agent.node.shutdown(context, at: now) }
            }
        }
    }

    /// The program's command, and everything that the agent orders then.
    private func perform(_ job: Job) {
        job.body(&agent, &commands, now)
        carryOut()
    }

    /// The agent's next fact, and everything that it orders then.
    private func feed(_ fact: (inout Agent, Instant) -> Void) {
        if stdio?.hasPartialLine ?? false { finishStdio(before: fact) }
        fact(&agent, now)
        carryOut()
    }

    private func tick(_ work: SlowTurn.Work) {
        now = .monotonic
        slow.did(work, at: now)
    }

    private func complain() {
        // A trace tells the same by its times, and must not depend on how busy the machine is.
        guard trace == nil, let complaint = slow.complaint, !agent.node.hasEnded else { return }
        warn(complaint)
        carryOut()
    }

    private func writeTrace() {
        guard trace != nil, let context = agent.node.identity?.id else { return }
        trace!.append(agent.node.takeEvents(), of: context)
    }

    private func end(_ deed: Agent.Deed) {
        for job in mailbox.close() { perform(job) }
        endTurn()
        // Whoever asked for the end is told only now, when nothing is left.
        _ = commands.settle(deed)
    }

    // MARK: Waiting

    private func wait() -> [Watchlist.News] {
        guard mailbox.isEmpty else { return watchlist.wait(milliseconds: 0) }
        if settings.isSpinning {
            let news = spin()
            guard news.isEmpty, mailbox.isEmpty else { return news }
        }
        guard mailbox.sleep() else { return watchlist.wait(milliseconds: 0) }
        return watchlist.wait(milliseconds: millisecondsToWait())
    }

    /// Looks again and again for a while: waking up a sleeping processor costs more than a short wait.
    private func spin() -> [Watchlist.News] {
        let end = min(.monotonic + Self.spinMax, deadline ?? .distantFuture)
        var news: [Watchlist.News] = []
        repeat { news = watchlist.wait(milliseconds: 0) } while news.isEmpty && mailbox.isEmpty && .monotonic < end
        return news
    }

    private func millisecondsToWait() -> Int32 {
        guard let deadline else { return -1 }
        // Rounded up: a timer that fires early would be asked for again at once, for a whole millisecond.
        let milliseconds = ((deadline - .monotonic).nanoseconds + 999_999) / 1_000_000
        return Int32(clamping: max(0, milliseconds))
    }

    private var deadline: Instant? {
        let lingers = lingering.lazy.compactMap { self.links[$0]?.lingersUntil }.min()
        return [agent.deadline, nursery.deadline, lingers].compactMap { $0 }.min()
    }

    private func expire() {
        if let due = agent.deadline, due <= now { feed { agent, now in agent.expired(at: now) } }
        for id in lingering where links[id]?.lingersUntil.map({ $0 <= now }) ?? false { drop(id) }
        for (link, status) in nursery.look(at: now, on: watchlist) {
            feed { agent, now in agent.node.childExited(link, status, at: now) }
        }
    }

    private static let spinMax = Duration.microseconds(20)
    private static let lingerMax = Duration.seconds(1)
}

// MARK: - Orders

extension Loop {
    private func carryOut() {
        while let deed = agent.poll(at: now) {
            switch deed {
            case .block(let invocation, let duration): block(invocation, for: duration)
            case .order(let output): carryOut(output.order, deed)
            }
        }
    }

    private func carryOut(_ order: Order, _ deed: Agent.Deed) {
        switch order {
        case .ready(let link): ready.append(link)
        case .close(let link): close(link)
        case .launch(let plan): launch(plan)
        case .inflate(let link, let stream): agent.node.inflated(link, Inflate.text(of: stream), at: now)
        case .run: preconditionFailure("a driver runs no functions: the agent has to take this order")
        case .up:
            captureStdio()
            deeds.append(deed)
        case .log(let record, let context):
            if settings.isLogging { log.write(record, from: context, name: agent.node.name(of: context)) }
            deeds.append(deed)
        case .exit(let reason):
            exit = (reason, deed)
            onDeed(deed)
        case .completed, .connected, .deliver, .lost: deeds.append(deed)
        }
    }

    private func launch(_ plan: LaunchPlan) {
        // The child writes to the same file as soon as it is there.
        writeTrace()
        do throws(LaunchFailure) {
            let (link, process) = try nursery.start(plan, on: watchlist)
            do throws(SystemError) {
                try open(link)
            } catch {
                throw LaunchFailure("Child start failed: \(error.reason)")
            }
            agent.node.launched(plan.link, process: process, at: now)
        } catch {
            nursery.expectEnd(of: plan.link, at: now)
            agent.node.launchFailed(plan.link, error.message, at: now)
        }
        tick(.launch)
    }

    private func block(_ invocation: InvocationID, for duration: Duration) {
        let mailbox = mailbox
        do throws(SystemError) {
            try dispatch.run {
                Machine.sleep(nanoseconds: duration.nanoseconds)
                _ = mailbox.put(
                    Job(label: "the end of a block") { agent, _, now in agent.unblocked(invocation, at: now) })
            }
        } catch {
            warn("a function could not block: \(error)")
            agent.unblocked(invocation, at: now)
        }
    }

    private func warn(_ text: String) {
        agent.node.log(LogRecord(logger: "mitoscope.broker", level: 30, message: text), at: now)
    }

    // MARK: Stdio

    private func captureStdio() {
        guard settings.capturesStdio else { return }
        do throws(SystemError) {
            stdio = try StdioCapture(on: watchlist)
        } catch {
            warn("stdio is not captured: \(error)")
        }
    }

    private func readStdio(_ channel: StdioCapture.Channel) {
        for record in stdio?.read(channel, into: &buffer) ?? [] {
            feed { agent, now in agent.node.log(record, at: now) }
        }
    }

    /// A line that has no end yet is sent when `fact` would end the context. A copy of the agent tells: it is a value.
    private func finishStdio(before fact: (inout Agent, Instant) -> Void) {
        guard !agent.node.hasEnded else { return }
        var probe = agent
        fact(&probe, now)
        guard probe.node.hasEnded else { return }
        for record in stdio?.finish() ?? [] { agent.node.log(record, at: now) }
    }
}

// MARK: - Links

extension Loop {
    private func read(_ id: LinkID) {
        // A link that only lingers has no news but that it broke.
        guard let link = links[id], link.lingersUntil == nil else { return drop(id) }
        switch Result(catching: { () throws(SystemError) in try link.read(into: &buffer) }) {
        case .success(.bytes(let count)):
            received(count, on: id)
        case .success(.wouldBlock): break
        case .success(.closed), .failure: lost(id)
        }
        tick(.link(id))
    }

    /// The first `count` bytes of the buffer came in.
    private func received(_ count: Int, on id: LinkID) {
        let bytes = buffer
        feed { agent, now in agent.node.received(bytes.span.extracting(0..<count), on: id, at: now) }
    }

    /// The other side is gone.
    private func lost(_ id: LinkID) {
        guard links[id] != nil else { return }
        drop(id)
        feed { agent, now in agent.node.linkClosed(id, at: now) }
    }

    private func close(_ id: LinkID) {
        guard let link = links[id], link.lingersUntil == nil else {
            _ = agent.node.takeOutbound(id)
            return
        }
        agent.node.moveOutbound(id, to: &link.unsent)
        do throws(SystemError) {
            try link.linger(until: now + Self.lingerMax, on: watchlist)
            lingering.append(id)
            ready.append(id)
        } catch {
            drop(id)
        }
    }

    private func flush(_ id: LinkID) {
        guard let link = links[id] else { return }
        do throws(SystemError) {
            while true {
                let isLingering = link.lingersUntil != nil
                if link.unsent.isEmpty, !isLingering { agent.node.moveOutbound(id, to: &link.unsent) }
                let wasEmpty = link.unsent.isEmpty
                switch try link.flush(on: watchlist) {
                case .done where isLingering: return drop(id)
                case .done: if wasEmpty { return }
                case .blocked: return
                case .closed: return isLingering ? drop(id) : lost(id)
                }
            }
        } catch {
            lost(id)
        }
    }

    /// Lets go of a link's descriptors; its process, if any, should be ending from here on.
    private func drop(_ id: LinkID) {
        guard let link = links.removeValue(forKey: id) else { return }
        lingering.removeAll { $0 == id }
        link.stop(on: watchlist)
        nursery.expectEnd(of: id, at: now)
    }

    /// A process has ended. What it wrote is read first; whoever else holds its stream is not waited for.
    private func exited(_ id: LinkID) {
        while let link = links[id], link.lingersUntil == nil {
            guard case .bytes(let count) = try? link.read(into: &buffer) else {
                lost(id)
                break
            }
            received(count, on: id)
        }
        drop(id)
        nursery.expectEnd(of: id, at: now)
    }
}
