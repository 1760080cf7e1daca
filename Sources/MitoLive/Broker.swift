public import MitoCore
public import MitoLinux
public import Mitoscope
import Synchronization

/// The driver of one live context: it owns the context's agent, and a thread on which everything happens to it.
///
/// The agent decides; the broker reads and writes links, starts processes, keeps time and never waits for anybody's
/// code. Any number of brokers may live in one process.
///
///     let broker = try Broker(image: "/usr/bin/mito-agent")
///     let router = Router(world: broker)
///     let web = try await router.local(name: "web")
///     try await router.shutdown()
///     broker.join()
///
/// `withRouter` does the same for a closure.
public final class Broker: Sendable {
    private let mailbox: Mailbox<Loop.Job>
    private let helm: Helm
    private let thread: Mutex<Thread?>

    /// Starts a context.
    ///
    /// - Parameters:
    ///   - agent: a root's; a process that was started as a context uses `ContextProgram` instead.
    ///   - settings: what this process chooses for itself.
    ///   - onDeed: what concerns the program and no router asked for: ended calls and connects of submitted jobs,
    ///     messages, log records, lost contexts, the end. Called on the broker's thread, in order, after the turn's
    ///     trace was written. It must not wait.
    /// - Throws: when the system has no descriptors or no thread left.
    public init(
        agent: Agent, settings: Settings, onDeed: @escaping @Sendable (Agent.Deed) -> Void = { _ in }
    ) throws(SystemError) {
        let mailbox = try Mailbox<Loop.Job>()
        self.mailbox = mailbox
        let poller = try settings.makePoller()
        let loop = try Loop(
            agent: agent, settings: settings, mailbox: mailbox, poller: poller, onDeed: onDeed)
        let helm = Helm(loop)
        self.helm = helm
        thread = Mutex(try Thread("mito-broker") { _ = helm.run() })
    }

    deinit {
        submit("the end of a broker") { agent, _, now in agent.node.shutdown(at: now) }
        thread.withLock { thread in
            thread?.detach()
            thread = nil
        }
    }

    /// Waits until the context has ended, all of its links are closed and all of its children are gone.
    public func join() {
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }
}

extension Broker {
    /// Starts the root of a tree, which traces and logs as `MITOSCOPE_TRACE` and `MITOSCOPE_LOG_LEVEL` say.
    ///
    /// - Parameters:
    ///   - functions: what may be called in the root itself.
    ///   - image: the program that becomes a context; by default this one, once it has shown that it can be; nil =
    ///     none.
    ///   - configuration: what the root chooses for the tree.
    /// - Throws: when the system has no descriptors or no thread left.
    public convenience init(
        functions: [any ImageFunction] = [], image: String? = ContextProgram.usualImage,
        configuration: Node.Configuration = Node.Configuration()
    ) throws(SystemError) {
        try self.init(master: configuration, functions: functions, image: image)
    }
}

extension Broker: World {
    @discardableResult
    public func submit(_ label: StaticString, _ job: @escaping Work) -> Bool {
        mailbox.put(Loop.Job(label: label, body: job))
    }

    public func submit(_ label: StaticString, awaiting arrival: Arrival, _ job: @escaping Work) -> Bool {
        helm.submit(Loop.Job(label: label, body: job), awaiting: arrival)
    }

    public var parker: any Parker { HelmParker(helm) }

    public var now: Instant { .monotonic }
}

extension Broker {
    /// What a process chooses for its own context. None of it travels to children but the trace's path.
    public struct Settings: Sendable {
        /// The program that becomes a context: a path, or a name to be looked up in PATH. With nil, only what names
        /// a program of its own can be started.
        public var image: String?
        /// Every context below appends to this file, or writes one of its own in this folder when it ends in `/`;
        /// nil = as `MITOSCOPE_TRACE` says. It does nothing unless the node's configuration is traced too.
        public var tracePath: String?
        /// A context that sees a time-out leaves its flight recording in this folder; nil = as `MITOSCOPE_FLIGHT` says,
        /// which children follow too.
        public var flightFolder = Machine.environmentVariable(flightVariable)
        /// Look again for up to 20 µs before going to sleep: half the latency for a busy processor. By default only
        /// where there are two processors and no trace.
        public var isSpinning: Bool
        /// Watch descriptors with poll(2) instead of epoll.
        public var isPortable = false
        /// Write the records of contexts below to this process's log.
        public var isLogging = true

        /// Turn what is printed here into log records, once the context is up.
        var capturesStdio = false
        /// Leave the flight recording when SIGUSR1 comes: for who has the process to himself.
        var answersSignal = false
        /// This process's program as its parent handed it in; nil where it is a file like any other.
        var handedImage: HandedImage?
        /// Does the parent read what this process wrote to its stderr before that was captured?
        var hasErrorReader = false

        public init(image: String? = ContextProgram.usualImage, tracePath: String? = Settings.tracePathOfEnvironment) {
            self.image = image
            self.tracePath = tracePath
            isSpinning = tracePath == nil && Machine.usableProcessors >= 2
        }

        /// What `MITOSCOPE_TRACE` says.
        public static var tracePathOfEnvironment: String? { Machine.environmentVariable(traceVariable) }

        package static let traceVariable = "MITOSCOPE_TRACE"
        package static let flightVariable = "MITOSCOPE_FLIGHT"

        func makePoller() throws(SystemError) -> any Poller {
            isPortable ? PollPoller() : try EpollPoller()
        }
    }
}
