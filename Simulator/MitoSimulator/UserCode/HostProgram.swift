import MitoCore
import Mitoscope

/// What runs of the user's in one context: the root's program, and the functions of any.
struct HostProgram {
    let executor: ContextExecutor
    /// What its own calls go through.
    let router: Router
    /// What a program that is no function is called.
    var name: String?
    /// The function that runs.
    var function: String?
    /// Once its process has ended it never runs again.
    var isAlive = true

    /// What to call the code that runs here.
    var running: String? { function ?? name }

    init(_ userCode: UserCode, _ host: HostIndex) {
        executor = ContextExecutor(userCode, host)
        router = Router(world: SimulatedContext(userCode, host))
    }
}

/// A simulated context as its program sees it.
private final class SimulatedContext: World {
    private let userCode: UserCode
    private let host: HostIndex

    init(_ userCode: UserCode, _ host: HostIndex) {
        self.userCode = userCode
        self.host = host
    }

    func submit(_ label: StaticString, _ job: @escaping Work) -> Bool { userCode.submit(label, job, to: host) }

    var now: Instant { userCode.time(of: host) }
}

extension UserCode {
    /// The program of a context, which has one from now on.
    func program(of host: HostIndex) -> HostProgram {
        if let program = programs[host] { return program }
        SwiftExecutors.install()
        let program = HostProgram(self, host)
        add(program, of: host)
        return program
    }

    /// Begins the program of a context as a task.
    func start(_ name: String, in host: HostIndex, _ body: @escaping @Sendable (Router) async -> Void) {
        let program = program(of: host)
        programs[host]?.name = name
        Task(name: name, executorPreference: program.executor) { await body(program.router) }
    }

    /// Begins the program of a context on a thread that may block.
    func startBlocking(
        _ name: String, in host: HostIndex, _ body: @escaping @Sendable (Router) -> Void
    ) throws(MitoscopeError) {
        let program = program(of: host)
        programs[host]?.name = name
        try block(in: host) { body(program.router) }
    }

    /// Runs code of a function where its body wants to run; what comes of it now, nil when it is to come.
    func perform(_ performance: Performance, in host: HostIndex) -> Result<Value, FunctionError>? {
        let invocation = performance.invocation.id
        let program = program(of: host)
        programs[host]?.function = performance.invocation.function
        @Sendable func end(_ result: Result<Value, FunctionError>) {
            programs[host]?.function = nil
            _ = submit(
                "the end of a function", { agent, _, now in agent.finished(invocation, result, at: now) }, to: host)
        }
        switch performance.body {
        case .steps: preconditionFailure("steps are performed by the agent")
        case .inline:
            defer {
                findLeak()
                programs[host]?.function = nil
            }
            return performance.run(router: program.router)
        case .blocking:
            do throws(MitoscopeError) {
                try block(in: host) { end(performance.run(router: program.router)) }
            } catch {
                return .failure(FunctionError(type: "mitoscope.\(error.code.rawValue)", message: error.message))
            }
        case .async:
            let name = performance.invocation.function
            let task = Task(name: name, executorPreference: program.executor) {
                end(await performance.run(router: program.router))
            }
            performance.whenCancelled { task.cancel() }
        }
        return nil
    }

    private func block(in host: HostIndex, _ body: @escaping @Sendable () -> Void) throws(MitoscopeError) {
        let thread = if let idle = idleThreads.popLast() { idle } else { try BatonThread(self) }
        threads.append(thread)
        thread.begin(in: host, body)
    }

    /// The body of a thread has ended; it may have another one.
    func retire(_ thread: BatonThread) {
        threads.removeAll { $0 === thread }
        idleThreads.append(thread)
    }
}
