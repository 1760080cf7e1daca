import Glibc
package import MitoCore
import MitoLinux
package import MitoLive
package import Mitoscope

/// A root in this process, with real children: what a live test needs, and nothing left behind.
package struct Live {
    package let broker: Broker
    package let router: Router

    package init(
        image: String? = Live.agentPath, functions: [any ImageFunction] = Live.functions,
        tracePath: String? = nil, flightFolder: String? = nil, isPortable: Bool = false,
        _ configure: (inout Node.Configuration) -> Void = { _ in },
        onDeed: @escaping @Sendable (Agent.Deed) -> Void = { _ in }
    ) throws {
        var configuration = Node.Configuration()
        configuration.isTraced = tracePath != nil
        configure(&configuration)
        var settings = Broker.Settings(image: image, tracePath: tracePath)
        settings.isPortable = isPortable
        settings.flightFolder = flightFolder
        settings.isLogging = false
        broker = try Broker(
            agent: Agent(node: Node(master: configuration), functions: functions), settings: settings, onDeed: onDeed)
        router = Router(world: broker)
    }

    /// Runs a story in a tree of its own, and ends the tree whatever comes of it.
    package static func tree(
        isPortable: Bool = false, _ story: (Live) async throws -> Void
    ) async throws {
        try await Live(isPortable: isPortable).tell(story)
    }

    /// Runs a story in this tree, and ends the tree whatever comes of it.
    package func tell(_ story: (Live) async throws -> Void) async throws {
        let live = self
        do {
            try await story(live)
            try await live.router.shutdown()
        } catch {
            try await live.router.shutdown()
            throw error
        }
    }

    /// Starts a context by a command that runs the context program in the end.
    package func connect(_ name: String, by command: [Value]) async throws -> ContextID {
        var request = ConnectRequest(name: name)
        request.options = [Value.Pair("python_path", .list(command))]
        guard case .context(let id, _) = try await perform(.connect(request)) else {
            preconditionFailure("a connect command completes with a context")
        }
        return id
    }

    /// Calls `echo` in a context that no router knows.
    package func echo(_ value: Value, in context: ContextID) async throws -> Value {
        try await perform(.call(CallRequest("echo", on: context, [value])))
    }

    /// Carries out a command as a router does.
    package func perform(_ command: Command) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            broker.perform(command, as: CommandID(UInt64(Machine.monotonicNanoseconds))) { result in
                continuation.resume(with: result)
            }
        }
    }

    /// Those of the context program.
    package static let functions = BuiltInFunctions.all + HostFunctions.all

    /// The context program.
    package static let agentPath = Built.agent

    /// A program that is its own image, with functions that do not come back.
    package static let littleProgram = Built.path("little-program")

    /// Can a crash here be traced back, and has nobody chosen otherwise?
    package static let hasBacktracer: Bool = {
        guard Machine.environmentVariable("SWIFT_BACKTRACE") == nil else { return false }
        let folders = Machine.environmentVariable("PATH")?.split(separator: ":") ?? []
        return folders.contains { Machine.isProgram("\($0)/../libexec/swift/linux/swift-backtrace-static") }
    }()
}
