import MitoCore
import MitoLaunch
import MitoLinux

/// The processes that a context has started: how they are started, and how they are seen off.
///
/// A process is reported once, when it has ended *and* its link is closed: what it wrote before its end is read first.
final class Nursery {
    private final class Child {
        private let handle: Handle
        var process: ChildProcess { _read { yield handle.process } }
        /// Its stderr, until its other end is closed.
        var errors: Errors?
        var lastLines = LastLines()
        /// How it ended, once that is known.
        var exit: ChildProcess.Exit?
        /// It lives on by itself: it is collected when it ends, and not waited for.
        var isReleased = false
        var schedule = ReapSchedule()
        /// When to look again; nil while its link is open.
        var nextLook: Instant?

        init(_ process: consuming ChildProcess, errors: consuming FileDescriptor) {
            handle = Handle(process)
            self.errors = Errors(errors)
        }

        /// Somebody else collects it.
        func handOver() -> Handle { handle }

        /// Has it ended? How is kept.
        func hasEnded() -> Bool {
            if exit == nil { exit = process.reap() }
            return exit != nil
        }
    }

    private final class Handle: Sendable {
        let process: ChildProcess

        init(_ process: consuming ChildProcess) { self.process = process }
    }

    private final class Errors {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    private let image: String?
    private let usualName: RemoteName
    private let environment: [String]
    private var children: [LinkID: Child] = [:]
    /// Those that should be ending: few, and the only ones that a turn of the loop looks at.
    private var dying: Set<LinkID> = []

    init(_ settings: Broker.Settings) {
        image = settings.image
        usualName = RemoteName(user: Machine.userName, host: Machine.hostName, pid: Machine.processID)
        environment = Self.environment(settings)
    }

    var isEmpty: Bool { children.values.allSatisfy(\.isReleased) }

    /// Children write down what they measured before they end: they are not hurried.
    var isPatient = false

    /// When `look` wants to be called next.
    var deadline: Instant? {
        dying.isEmpty ? nil : dying.lazy.compactMap { self.children[$0]?.nextLook }.min()
    }

    /// Starts the child of a plan. Must be called on a thread that lasts: the child dies with it.
    ///
    /// - Returns: our end of the child's stream, and its process number.
    func start(_ plan: LaunchPlan, on watchlist: Watchlist) throws(StreamError) -> (LiveLink, process: Int32) {
        let command: LaunchCommand
        do throws(LaunchError) {
            command = try LaunchCommand(plan, image: image, usualName: usualName)
        } catch {
            throw StreamError("\(error)", kind: error == .noImage ? .bootstrap : .stream)
        }
        do throws(SystemError) {
            return try start(command, plan.link, on: watchlist)
        } catch {
            // Most systems let a program have more descriptors as soon as it says that it knows what it does.
            if error.isOutOfDescriptors, Machine.raiseDescriptorLimit(),
                let started = try? start(command, plan.link, on: watchlist)
            {
                return started
            }
            let limit = Machine.descriptorLimit.map { " (no more than \($0) are allowed)" } ?? ""
            let reason = error.isOutOfDescriptors ? error.reason + limit : error.reason
            throw StreamError("Child start failed: \(reason). Command was: \(command.arguments)")
        }
    }

    private func start(
        _ command: LaunchCommand, _ link: LinkID, on watchlist: Watchlist
    ) throws(SystemError) -> (LiveLink, process: Int32) {
        let streams = try SocketPair(sendBufferBytes: Self.sendBufferBytes)
        let errors = try Pipe()
        try errors.output.setNonblocking()
        let process = try ChildProcess(
            program: command.program, arguments: command.arguments, environment: environment + command.environment,
            stream: streams.far, errors: errors.input.number)
        let child = Child(process, errors: errors.closingInput())
        // From here on the process exists: whatever fails, it is watched, and dies when its stream closes.
        children[link] = child
        try watchlist.watch(child.process.number, for: .process(link), reads: true)
        if let errors = child.errors?.descriptor.number { try watchlist.watch(errors, for: .errors(link), reads: true) }
        return (LiveLink(link, socket: streams.closingFar()), child.process.pid)
    }

    // MARK: News of a child

    /// Reads what a child wrote to its stderr, as far as it is there.
    func readErrors(of link: LinkID, into buffer: inout [UInt8], on watchlist: Watchlist) {
        guard let child = children[link] else { return }
        while let errors = child.errors {
            switch Result(catching: { () throws(SystemError) in try errors.descriptor.read(into: &buffer) }) {
            case .success(.bytes(let count)): child.lastLines.take(buffer[..<count])
            case .success(.wouldBlock): return
            case .success(.closed), .failure: closeErrors(of: child, watchlist)
            }
        }
    }

    /// Is there a process of ours below the link of which nobody knows that it has ended?
    func lives(_ link: LinkID) -> Bool { children[link].map { !$0.isReleased && !$0.hasEnded() } ?? false }

    /// How the process below the link ended, and what it said at last; nil while it lives.
    func end(of link: LinkID, into buffer: inout [UInt8], on watchlist: Watchlist) -> ChildEnd? {
        guard let child = children[link], child.hasEnded(), let exit = child.exit else { return nil }
        readErrors(of: link, into: &buffer, on: watchlist)
        var end = ChildEnd(status: exit.explanation)
        end.lastLines = child.lastLines.finish()
        end.function = child.lastLines.function
        return end
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
        try? Thread("mito-reaper") { for handle in left { handle.process.wait() } }.detach()
    }

    private func closeErrors(of child: Child, _ watchlist: Watchlist) {
        guard let number = child.errors?.descriptor.number else { return }
        watchlist.forget(number)
        child.errors = nil
    }

    /// Ours, with the places for traces and flight recordings as this context has them, and with word that stderr is
    /// read here.
    private static func environment(_ settings: Broker.Settings) -> [String] {
        let places = [
            (Broker.Settings.traceVariable + "=", settings.tracePath),
            (Broker.Settings.flightVariable + "=", settings.flightFolder),
        ]
        let others = Machine.environment.filter { variable in !places.contains { variable.hasPrefix($0.0) } }
        let own = places.compactMap { place in place.1.map { place.0 + $0 } }
        return others + own + [errorsVariable + "=1"] + (Backtracer.setting.map { [$0] } ?? [])
    }

    /// Set in a child: whatever it writes to its first stderr is read by its parent, and by nobody else.
    static let errorsVariable = "MITOSCOPE_ERRORS"

    private static let sendBufferBytes: Int32 = 128 * 1024
}
