import MitoCore
import MitoLaunch
import MitoLinux

/// The processes that a context has started: how they are started, and how they are seen off.
///
/// A process is reported once, when it has ended *and* its link is closed: what it wrote before its end is read first.
final class Nursery {
    private final class Child {
        let process: ChildProcess
        var schedule = ReapSchedule()
        /// When to look again; nil while its link is open.
        var nextLook: Instant?

        init(_ process: consuming ChildProcess) { self.process = process }
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

    var isEmpty: Bool { children.isEmpty }

    /// Children write down what they measured before they end: they are not hurried.
    var isPatient = false

    /// When `look` wants to be called next.
    var deadline: Instant? { dying.lazy.compactMap { self.children[$0]?.nextLook }.min() }

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
            let streams = try SocketPair(sendBufferBytes: Self.sendBufferBytes)
            let child = Child(
                try ChildProcess(
                    program: command.program, arguments: command.arguments,
                    environment: environment + command.environment, stream: streams.far))
            // From here on the process exists: whatever fails, it is watched, and dies when its stream closes.
            children[plan.link] = child
            try watchlist.watch(child.process.number, for: .process(plan.link), reads: true)
            return (LiveLink(plan.link, socket: streams.closingFar()), child.process.pid)
        } catch {
            throw StreamError("Child start failed: \(error.reason). Command was: \(command.arguments)")
        }
    }

    /// The stream of a child is closed, or there are signs that it has ended: `look` at it from now on.
    func expectEnd(of link: LinkID, at now: Instant) {
        guard let child = children[link] else { return }
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
            if let exit = child.process.reap() { return (link, remove(link, child, exit.description, watchlist)) }
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
        children[link] = nil
        dying.remove(link)
        return status
    }

    /// Ours, with the places for traces and flight recordings as this context has them.
    private static func environment(_ settings: Broker.Settings) -> [String] {
        let places = [
            (Broker.Settings.traceVariable + "=", settings.tracePath),
            (Broker.Settings.flightVariable + "=", settings.flightFolder),
        ]
        let others = Machine.environment.filter { variable in !places.contains { variable.hasPrefix($0.0) } }
        return others + places.compactMap { place in place.1.map { place.0 + $0 } }
    }

    private static let sendBufferBytes: Int32 = 128 * 1024
}
