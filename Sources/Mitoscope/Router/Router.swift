import MitoCore
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
    let world: any World
    private let latestID = Atomic<UInt64>(0)

    /// A router for a world that is up.
    public init(world: any World) { self.world = world }

    /// Starts a context as a process of its own, on the host of `via` or here. Fails as `.stream` when it does not
    /// come up.
    public func local(name: String? = nil, via: Context? = nil) async throws(MitoscopeError) -> Context {
        try await connect(ConnectRequest(method: "local", name: name, via: via?.id), via: via)
    }

    /// Starts a context, and blocks this thread until it is up.
    public func local(name: String? = nil, via: Context? = nil) throws(MitoscopeError) -> Context {
        try connect(ConnectRequest(method: "local", name: name, via: via?.id), via: via)
    }

    /// Ends all contexts, children first, then this world. Whoever still waits for something fails as `.shutdown`.
    public func shutdown() async throws(MitoscopeError) { _ = try await perform(.shutdown, path: []) }

    /// Ends all contexts, and blocks this thread until all is closed.
    public func shutdown() throws(MitoscopeError) { _ = try perform(.shutdown, path: []) }

    private func connect(_ request: ConnectRequest, via: Context?) async throws(MitoscopeError) -> Context {
        Context(try await perform(.connect(request), path: via?.path ?? []), via: via, router: self)
    }

    private func connect(_ request: ConnectRequest, via: Context?) throws(MitoscopeError) -> Context {
        Context(try perform(.connect(request), path: via?.path ?? []), via: via, router: self)
    }
}

// MARK: The two forms of waiting

extension Router {
    /// Suspends until the command has completed. A cancelled task gives the command up.
    func perform(_ command: Command, path: [ContextID]) async throws(MitoscopeError) -> Value {
        let command = command.limited(by: world)
        let id = nextID()
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
        let isTask = unsafe withUnsafeCurrentTask { unsafe $0 != nil }
        precondition(!isTask, "a blocking call inside a task would starve its executor: await the async form instead")
        let command = command.limited(by: world)
        return try Self.value(of: world.perform(command, as: nextID()), of: command, path: path)
    }

    private func nextID() -> CommandID { CommandID(latestID.add(1, ordering: .relaxed).newValue) }

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
