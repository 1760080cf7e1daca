import DequeModule
public import MitoCore
import Synchronization

/// A program's way into a world: it starts contexts, and ends them all.
///
/// Every waiting call has an async and a blocking form under one name: the async one is taken where `await` is.
/// What a router is asked for, from whatever tasks and threads, it is asked for in one order.
///
/// ```swift
/// let web = try await router.local(name: "web")
/// let database = try await router.local(name: "database", via: web)
/// try await router.shutdown()
/// ```
public final class Router: Sendable {
    /// Where its context lives: among processes that is its `Broker`, whose loop runs code (`world.run { … }`) and
    /// watches descriptors (`world.readable(0)`) for the program.
    public let world: any World
    let state: Mutex<State>

    /// What is known here without asking the world.
    struct State {
        var identity: Identity
        /// Context ids that the root gave to this router.
        var reservedIDs: Deque<UInt32> = []
    }

    /// A router for a world that is up; of its root, unless a context below says who it is.
    public init(world: any World) {
        self.world = world
        state = Mutex(State(identity: Identity(id: .master, ancestors: [], name: "master")))
    }

    /// Who this router's context is. A driver that made the router of a context below, before that one knew, says so
    /// with `identify`.
    public var identity: Identity { state.withLock { $0.identity } }

    package func identify(_ identity: Identity) { state.withLock { $0.identity = identity } }

    /// Ends all contexts, children first, then this world. Whoever still waits for something fails as `.shutdown`.
    public func shutdown() async throws(MitoscopeError) { _ = try await perform(.shutdown, path: []) }

    /// Ends all contexts, and blocks this thread until all is closed.
    public func shutdown() throws(MitoscopeError) { _ = try perform(.shutdown, path: []) }

    /// Starts a context below `via`, or here, by any method. `local` and its like are the usual way to ask for it.
    public func connect(_ request: ConnectRequest, via: Context? = nil) async throws(MitoscopeError) -> Context {
        var request = request
        request.via = try via.map { context throws(MitoscopeError) in try checked(context).id }
        return Context(try await perform(.connect(request), path: via?.path ?? []), via: via, router: self)
    }

    /// Starts a context by any method, and blocks this thread until it is up.
    public func connect(_ request: ConnectRequest, via: Context? = nil) throws(MitoscopeError) -> Context {
        var request = request
        request.via = try via.map { context throws(MitoscopeError) in try checked(context).id }
        return Context(try perform(.connect(request), path: via?.path ?? []), via: via, router: self)
    }

    /// The context, if it is one of ours: the same id in another tree is another context.
    func checked(_ context: Context) throws(MitoscopeError) -> Context {
        guard context.router == self else { throw .foreign(context) }
        return context
    }
}

// MARK: The two forms of waiting

extension Router {
    /// Suspends until the command has completed. A cancelled task gives the command up.
    func perform(_ command: Command, path: [ContextID]) async throws(MitoscopeError) -> Value {
        let command = command.limited(by: world)
        let id = CommandID.next()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                world.perform(command, as: id) { continuation.resume(returning: $0) }
                // A task that was cancelled before this point had nothing to give up yet.
                if Task.isCancelled { world.cancel(id) }
            }
        } onCancel: {
            world.cancel(id)
        }
        return try Self.value(of: result, of: command, path: path)
    }

    /// Blocks this thread until the command has completed.
    func perform(_ command: Command, path: [ContextID]) throws(MitoscopeError) -> Value {
        Blocking.check()
        let command = command.limited(by: world)
        return try Self.value(of: world.perform(command, as: CommandID.next()), of: command, path: path)
    }

    /// Blocks this thread until the answer is there.
    func wait<Success>(for answer: Answer<Success>) -> Success {
        if let value = answer.value { return value }
        Blocking.check()
        return world.wait(for: answer)
    }

    private static func value(
        of result: Result<Value, MitoscopeError>, of command: Command, path: [ContextID]
    ) throws(MitoscopeError) -> Value {
        do throws(MitoscopeError) {
            return try result.get()
        } catch {
            throw error.answering(command, path: path)
        }
    }
}

extension Router: Equatable {
    /// Two routers are equal when they stand on one world.
    public static func == (a: Router, b: Router) -> Bool { a.world === b.world }
}

extension CommandID {
    static func next() -> CommandID { CommandID(latestCommand.add(1, ordering: .relaxed).newValue) }
}

/// Counted for all routers together: several may stand on one world.
private let latestCommand = Atomic<UInt64>(0)
