import MitoCore
import MitoLaunch
import MitoLinux

/// The processes that a context has started: how they are started, and how they are seen off.
///
/// A process is reported once, when it has ended *and* its link is closed: what it wrote before its end is read first.
final class Nursery {
    /// A child that was started: our end of its stream, and its process number.
    typealias Started = (link: LiveLink, process: Int32)

    /// A child that is to be started once the leader of its container is known.
    private struct Expected {
        var plan: LaunchPlan
        var command: LaunchCommand
        var search: LeaderSearch
    }

    private let start: ChildStart
    private var expected: [LinkID: Expected] = [:]
    private var children: [LinkID: Child] = [:]
    /// Those that should be ending: few, and the only ones that a turn of the loop looks at.
    private var dying: Set<LinkID> = []

    init(_ settings: Broker.Settings) { start = ChildStart(settings) }

    var isEmpty: Bool { expected.isEmpty && children.values.allSatisfy(\.isReleased) }

    /// Children write down what they measured before they end: they are not hurried.
    var isPatient = false

    /// When `look` wants to be called next.
    var deadline: Instant? {
        dying.isEmpty ? nil : dying.lazy.compactMap { self.children[$0]?.nextLook }.min()
    }

    /// Starts the child of a plan. Must be called on a thread that lasts: the child dies with it.
    ///
    /// - Returns: nil when it enters a container whose leader has to be looked for. Once there is news of that search,
    ///   `startFound` goes on.
    func start(_ plan: LaunchPlan, on watchlist: Watchlist) throws(StreamError) -> Started? {
        let command = try start.command(for: plan)
        switch command.entry?.target {
        case .container(let query)?:
            do throws(SystemError) {
                let search = try LeaderSearch(query)
                try watchlist.watch(search.number, for: .search(plan.link), reads: true)
                expected[plan.link] = Expected(plan: plan, command: command, search: search)
                try search.begin()
            } catch {
                _ = giveUp(plan.link, on: watchlist)
                throw StreamError("Child start failed: \(error)")
            }
            return nil
        case .process(let number)?:
            return try start(command, plan.link, Leader(of: number, "process \(number)"), on: watchlist)
        case .namespaces?, nil: return try start(command, plan.link, nil, on: watchlist)
        }
    }

    /// There is news of a search, and will be no more.
    func searchIsOver(_ link: LinkID, on watchlist: Watchlist) {
        if let search = expected[link]?.search { watchlist.forget(search.number) }
    }

    /// The plan of a child whose container's leader was looked for, if that child is still wanted.
    func plan(of link: LinkID) -> LaunchPlan? { expected[link]?.plan }

    /// Starts a child whose container's leader was looked for. Must be called on a thread that lasts.
    func startFound(_ link: LinkID, on watchlist: Watchlist) throws(StreamError) -> Started {
        guard let found = expected[link] else { preconditionFailure("nothing is looked for any more") }
        _ = giveUp(link, on: watchlist)
        return try start(found.command, link, found.search.found(), on: watchlist)
    }

    /// The child whose container's leader is looked for is not wanted any more; false when there is none.
    func giveUp(_ link: LinkID, on watchlist: Watchlist) -> Bool {
        guard let expected = expected.removeValue(forKey: link) else { return false }
        watchlist.forget(expected.search.number)
        expected.search.cancel()
        return true
    }

    private func start(
        _ command: LaunchCommand, _ link: LinkID, _ leader: Leader?, on watchlist: Watchlist
    ) throws(StreamError) -> Started {
        let (child, stream) = try start.perform(command, link, leader: leader)
        // From here on the process exists: whatever fails, it is watched, and dies when its stream closes.
        children[link] = child
        do throws(SystemError) {
            try watchlist.watch(child.process.number, for: .process(link), reads: true)
            if let errors = child.errors?.number {
                try watchlist.watch(errors, for: .errors(link), reads: true)
            }
            if let report = child.report?.number {
                try watchlist.watch(report, for: .report(link), reads: true)
            }
        } catch {
            throw StreamError("Child start failed: \(error.reason)")
        }
        return (stream, child.process.pid)
    }

    // MARK: News of a child

    /// Reads what a child wrote to its stderr, as far as it is there.
    func readErrors(of link: LinkID, into buffer: inout [UInt8], on watchlist: Watchlist) {
        guard let child = children[link] else { return }
        while let errors = child.errors {
            switch Result(catching: { () throws(SystemError) in try errors.value.read(into: &buffer) }) {
            case .success(.bytes(let count)): child.lastLines.take(buffer[..<count])
            case .success(.wouldBlock): return
            case .success(.closed), .failure: closeErrors(of: child, watchlist)
            }
        }
    }

    /// Reads what a child says that could not enter its namespaces, as far as it is there; nil when it says nothing, or
    /// not all yet.
    func readReport(of link: LinkID, into buffer: inout [UInt8], on watchlist: Watchlist) -> StreamError? {
        guard let child = children[link] else { return nil }
        while let report = child.report {
            switch Result(catching: { () throws(SystemError) in try report.value.read(into: &buffer) }) {
            case .success(.bytes(let count)):
                guard child.addToReport(buffer[..<count]) else { continue }
            case .success(.wouldBlock): return nil
            case .success(.closed), .failure: break
            }
            closeReport(of: child, watchlist)
            return child.failure()
        }
        return nil
    }

    /// Is there a process of ours below the link of which nobody knows that it has ended?
    func lives(_ link: LinkID) -> Bool { children[link].map { !$0.isReleased && !$0.hasEnded() } ?? false }

    /// How long the end of the process below the link may come after that of its stream, before its loss is told
    /// without a reason. The last process of a container takes its mounts and networks down first, and that can take
    /// its time.
    func patience(with link: LinkID) -> Duration {
        children[link]?.leader == nil ? .milliseconds(500) : .seconds(5)
    }

    /// How the process below the link ended, and what it said at last; nil while it lives.
    func end(of link: LinkID, into buffer: inout [UInt8], on watchlist: Watchlist) -> ChildEnd? {
        guard let child = children[link], child.hasEnded() else { return nil }
        readErrors(of: link, into: &buffer, on: watchlist)
        return child.end()
    }

    /// The child lives on by itself.
    func release(_ link: LinkID) { children[link]?.isReleased = true }

    /// The stream of a child is closed, or there are signs that it has ended: `look` at it from now on.
    func expectEnd(of link: LinkID, at now: Instant) {
        guard let child = children[link] else { return }
        // Who left is only looked at when the system says that it has ended.
        if child.isReleased, !child.hasEnded() { return }
        child.nextLook = now
        dying.insert(link)
    }

    /// A process has ended, which is not to be known yet.
    func ignore(_ link: LinkID, on watchlist: Watchlist) {
        if let child = children[link] { watchlist.forget(child.process.number) }
    }

    /// The children that have ended by now; the others are looked at again later, and helped along.
    func look(at now: Instant, on watchlist: Watchlist) -> [(link: LinkID, status: String)] {
        dying.sorted().compactMap { link in
            guard let child = children[link], let look = child.nextLook, look <= now else { return nil }
            if child.hasEnded(), let exit = child.exit {
                return (link, remove(link, child, exit.description, watchlist))
            }
            let (step, gap) = child.schedule.next()
            child.nextLook = now + gap
            switch step {
            case .look: break
            case .terminate where isPatient: break
            case .terminate: child.process.send(ChildProcess.terminationSignal)
            case .kill: child.process.send(ChildProcess.killSignal)
            case .giveUp: return (link, remove(link, child, "not ended after SIGKILL", watchlist))
            }
            return nil
        }
    }

    private func remove(_ link: LinkID, _ child: Child, _ status: String, _ watchlist: Watchlist) -> String {
        watchlist.forget(child.process.number)
        closeErrors(of: child, watchlist)
        closeReport(of: child, watchlist)
        children[link] = nil
        dying.remove(link)
        return status
    }

    /// Nobody turns this loop any more: a thread that does nothing else collects those who live on by themselves.
    func end() {
        let left = children.values.filter { !$0.hasEnded() }.map { $0.handOver() }
        children = [:]
        guard !left.isEmpty else { return }
        // Without a thread they stay uncollected for as long as this process lives.
        try? Thread("mito-reaper") { for process in left { process.value.wait() } }.detach()
    }

    private func closeErrors(of child: Child, _ watchlist: Watchlist) {
        guard let number = child.errors?.number else { return }
        watchlist.forget(number)
        child.errors = nil
    }

    private func closeReport(of child: Child, _ watchlist: Watchlist) {
        guard let number = child.report?.number else { return }
        watchlist.forget(number)
        child.report = nil
    }
}
