public import MitoCore
public import MitoLinks
public import MitoTrace
public import Mitoscope

/// Runs `body` as the program of a simulated tree's root, and ends everything that it started, whatever comes of it.
///
/// The closure is the one that `withRouter` takes. Its tasks, actors, sleeps and clocks run under virtual time, in an
/// order that the seed decides, and so do those of the functions that it calls:
/// ```swift
/// let run = try withSimulatedRouter(seed: 7, functions: image) { router in
///     let web = try await router.local(name: "web")
///     return try await web.call("report", timeout: .seconds(5))
/// }
/// print(run.result, run.hash)
/// ```
///
/// Processes die and links fail where `faults` says so; the program sees what it would see of real ones:
/// ```swift
/// let run = try withSimulatedRouter(seed: 7, functions: image, faults: [.kill("web", at: .seconds(1))]) { router in
///     let web = try await router.local(name: "web")
///     do { return "\(try await web.call("report"))" } catch { return "no report: \(error)" }  // ChannelError: …
/// }
/// ```
/// All contexts are in the process that calls this. Code in them that ends that process, with `exit` or with
/// `kill(getpid(), SIGKILL)`, ends the test runner: plan a `.kill`, or have a function call `context.shutdown()`.
///
/// - Parameters:
///   - seed: what all chance is drawn from.
///   - functions: the image that every context is started from.
///   - configuration: what every context has.
///   - limits: what is not waited for any longer.
///   - faults: what happens to contexts and links, by name and time.
///   - omission: one thing that the simulation is to fail to do, for those who look for such a bug.
///   - onRecord: is shown each record of the trace, in order, on another thread.
///   - link: the model of the link to a context about to be launched.
///   - body: the program; what outlives it is dropped, as when a process exits.
/// - Throws: what `body` throws; `Hang`, `Livelock`, `TimeLimitReached` or `Escape` when it does not come to its end;
///   `NoSuchContext` when a fault was planned for a name that no context had.
///   After an escape the code that escaped may still run, in real time.
public func withSimulatedRouter<Result: Sendable>(
    seed: UInt64, functions: [any ImageFunction], configuration: Node.Configuration = .traced,
    limits: SimulationLimits = SimulationLimits(), faults: [PlannedFault] = [],
    omission: Omission? = nil, onRecord: (@Sendable (TraceRecord) -> Void)? = nil,
    link: @escaping @Sendable (LaunchPlan) -> LinkModel = { _ in LinkModel(delay: .constant(.milliseconds(1))) },
    _ body: @escaping @Sendable (Router) async throws -> Result
) throws -> SimulatedRun<Result> {
    let simulation = Simulation(
        seed: seed, configuration: configuration, functions: functions,
        eventsPerInstantMax: limits.eventsPerInstantMax, omission: omission, link: link)
    let run = ProgramRun<Result>(simulation, limits, faults, onRecord)
    run.start { router in
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(router)) } catch { result = .failure(error) }
        try? await router.shutdown()
        return result
    }
    return try run.await()
}

/// Runs a program that blocks: `body` has a thread of its own, whose waits let the simulation go on.
///
/// ```swift
/// let run = try withSimulatedRouter(seed: 7, functions: image, blocking: { router in
///     try router.local(name: "web").call("whoami")
/// })
/// ```
public func withSimulatedRouter<Result: Sendable>(
    seed: UInt64, functions: [any ImageFunction], configuration: Node.Configuration = .traced,
    limits: SimulationLimits = SimulationLimits(), faults: [PlannedFault] = [],
    omission: Omission? = nil, onRecord: (@Sendable (TraceRecord) -> Void)? = nil,
    link: @escaping @Sendable (LaunchPlan) -> LinkModel = { _ in LinkModel(delay: .constant(.milliseconds(1))) },
    blocking body: @escaping @Sendable (Router) throws -> Result
) throws -> SimulatedRun<Result> {
    let simulation = Simulation(
        seed: seed, configuration: configuration, functions: functions,
        eventsPerInstantMax: limits.eventsPerInstantMax, omission: omission, link: link)
    let run = ProgramRun<Result>(simulation, limits, faults, onRecord)
    try run.startBlocking { router in
        let result = Swift.Result { try body(router) }
        try? router.shutdown()
        return result
    }
    return try run.await()
}

/// What came of a simulated program.
public struct SimulatedRun<Result: Sendable>: Sendable {
    public let result: Result
    /// The whole run in one number: its trace, and the order in which user code ran. Equal for equal seeds.
    public let hash: UInt64
    /// How long it took by the simulation's clock.
    public let duration: Duration
    /// Records in the trace.
    public let records: UInt64
    /// Tasks that the program began and left, and that still waited or slept at its end: for a continuation that nobody
    /// resumes, a stream that nobody finishes. One that only ever ran on actors is not seen.
    public let remains: [Remains]
    /// Planned faults that did nothing: at their time no context of that name ran, or the program was over.
    public let missed: [PlannedFault]
}

/// When a simulated program has gone on for too long.
///
/// ```swift
/// var limits = SimulationLimits()
/// limits.duration = .seconds(60)
/// ```
public struct SimulationLimits: Hashable, Sendable {
    /// The longest the program may take by the simulation's clock; past it `TimeLimitReached` is thrown. A day.
    public var duration = Duration.seconds(86_400)
    /// The most that may happen at one instant; past it `Livelock` is thrown.
    public var eventsPerInstantMax = 1_000_000
    /// How long, in real time, a thread may wait for what nothing in the simulation can give; past it an `Escape` is
    /// thrown. Two seconds.
    public var patience = Duration.seconds(2)

    public init() {}
}
