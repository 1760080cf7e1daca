public import MitoCore

/// What a function knows of the context that it runs in, and of the call.
///
/// ```swift
/// let report = RemoteFunction("demo.report") { (context: CallContext, path: String) in
///     context.log(.info, "\(context.source) asks for \(path)")
///     let helper = try await context.router.local(name: "helper")
///     return try await helper.call(size, path)
/// }
/// ```
///
/// A function whose caller gave a time-out has a `deadline`, and so have the calls that it makes itself: none of them
/// waits longer than somebody waits for its answer. Between contexts of ours the deadline travels behind the call;
/// functions of other programs never see it.
public struct CallContext: Sendable {
    /// The router of the context that the function runs in: its calls and messages come from there.
    public let router: Router
    /// Who this context is.
    public let identity: Identity
    /// The name by which the function was called.
    public let function: String
    /// Who called.
    public let source: ContextID
    /// On whose authority.
    public let authority: ContextID
    /// When the caller gives up, by the clock of this context; nil when it waits for as long as it takes. The function
    /// goes on all the same.
    public let deadline: Instant?
    private let cancellation: Cancellation

    init(router: Router, identity: Identity, invocation: Invocation, cancellation: Cancellation) {
        router.identify(identity)
        self.router = router
        self.identity = identity
        self.cancellation = cancellation
        function = invocation.function
        source = invocation.source
        authority = invocation.authority
        deadline = invocation.deadline
    }

    /// This context.
    public var id: ContextID { identity.id }
    /// This context's name, as its parent gave it.
    public var name: String { identity.name }
    /// The contexts above, nearest first.
    public var ancestors: [ContextID] { identity.ancestors }
    /// The context above; nil in the root.
    public var parentID: ContextID? { identity.ancestors.first }
    /// Is this the root?
    public var isMaster: Bool { identity.ancestors.isEmpty }

    /// Has this context begun to end? What the function still does is for nobody then. A task that runs an async body
    /// is cancelled too.
    public var isCancelled: Bool { cancellation.isCancelled }

    /// Throws `CancellationError` once this context has begun to end.
    public func checkCancellation() throws { if isCancelled { throw CancellationError() } }

    /// Writes to the log of the whole tree, in the name of this function. Does not wait.
    public func log(_ level: LogLevel, _ message: String) {
        let record = LogRecord(logger: function, level: level.rawValue, message: message)
        router.world.submit("a log record") { agent, now in agent.node.log(record, at: now) }
    }

    /// Asks this context to end, and all below it, as a program does that exits. Does not wait: this call and those
    /// behind it are answered `Broker has exitted`.
    public func shutdown() {
        router.world.submit("the end") { agent, now in agent.node.shutdown(at: now) }
    }

    /// When the function that this task or thread works for is no longer waited for.
    @TaskLocal static var deadline: Instant?
}

/// How much a log record matters, in Python's numbers: `context.log(.warning, "the disk is full")`.
public enum LogLevel: Int, Comparable, Sendable {
    case debug = 10
    case info = 20
    case warning = 30
    case error = 40
    case critical = 50

    public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}
