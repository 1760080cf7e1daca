import Glibc
public import MitoCore
import MitoLinux
public import Mitoscope

extension Mitoscope {
    /// The whole of a program: it runs `body` with a router, ends everything that was started, and then the process.
    ///
    /// ```swift
    /// @main struct Demo {
    ///     static func main() {
    ///         Mitoscope.main(functions: [hostname]) { router in
    ///             print(try await router.local(name: "web").call(hostname))
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// Must be the first thing that the program does, on its main thread: its contexts are this program again, started
    /// as children, and such a child never gets past this call.
    ///
    /// The exit status is 0, or 1 when `body` throws. Ctrl-C ends the tree in order (130): `body` is cancelled and what
    /// it waits for fails. A second Ctrl-C ends the process at once. However it ends, no child stays.
    ///
    /// - Parameters:
    ///   - functions: what others may call in contexts of this program.
    ///   - image: another program to be started as a context; nil = this one.
    ///   - configuration: what the root chooses for the tree.
    ///   - body: runs on the main actor, which the main thread serves.
    public static func main(
        functions: [any ImageFunction], image: String? = nil, configuration: Node.Configuration = Node.Configuration(),
        _ body: @escaping @MainActor (Router) async throws -> Void
    ) -> Never {
        ContextProgram.serveIfStarted(functions: functions)
        do throws(SystemError) {
            let interrupts = try Interrupts()
            let main = try MainThread()
            let broker = try Broker(
                master: configuration, functions: functions, image: image ?? ContextProgram.ownImage,
                answersSignal: true)
            let router = Router(world: broker)
            let status = Answer<Int32>()
            let task = Task { @MainActor in
                let own = await run(body, router)
                status.give(own)
                main.release()
            }
            try Thread("mito-interrupts") {
                let status = interrupts.wait()
                task.cancel()
                try? router.shutdown()
                broker.join()
                // The body has been told. Should it not listen, nobody waits for it any longer.
                Machine.sleep(nanoseconds: lastWordsMax.nanoseconds)
                _exit(status)
            }.detach()
            main.serve()
            broker.join()
            exit(Interrupts.status ?? status.wait())
        } catch {
            complain("cannot begin: \(error)")
            exit(EX_OSERR)
        }
    }

    @MainActor
    private static func run(_ body: @MainActor (Router) async throws -> Void, _ router: Router) async -> Int32 {
        var status = EXIT_SUCCESS
        do {
            try await body(router)
        } catch {
            if Interrupts.status == nil { complain("\(error)") }
            status = EXIT_FAILURE
        }
        try? await router.shutdown()
        return status
    }

    private static func complain(_ text: String) {
        guard let errors = try? FileDescriptor.duplicate(of: 2) else { return }
        _ = try? errors.write(Array("mitoscope: \(text)\n".utf8))
    }

    /// How long the body may take to end after an interrupt, once everything else has.
    private static let lastWordsMax = Duration.seconds(1)
}

extension Broker {
    /// A root that traces and logs as `MITOSCOPE_TRACE` and `MITOSCOPE_LOG_LEVEL` say.
    convenience init(
        master configuration: Node.Configuration, functions: [any ImageFunction] = [], image: String?,
        answersSignal: Bool = false
    ) throws(SystemError) {
        var settings = Settings(image: image)
        settings.answersSignal = answersSignal
        var configuration = configuration
        if settings.tracePath != nil { configuration.isTraced = true }
        configuration.log(at: LogSettings.ofEnvironment.level)
        try self.init(agent: Agent(node: Node(master: configuration), functions: functions), settings: settings)
    }
}
