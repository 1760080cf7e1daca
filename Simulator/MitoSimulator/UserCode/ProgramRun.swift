import MitoCore
import MitoTrace
import Mitoscope
import Synchronization

/// One run of a program in a simulation: a thread lets it happen, and the caller's waits for what comes of it.
///
/// `@unchecked`: the caller's thread touches the simulation before the other begins, and never again.
final class ProgramRun<Success: Sendable>: @unchecked Sendable {
    private let simulation: Simulation
    private let limits: SimulationLimits
    private let plan: FaultPlan
    /// What the program came to.
    private let ended = Mutex<Result<Success, any Error>?>(nil)
    /// What the caller is told; once it is there nothing goes on.
    private let outcome = Mutex<Result<SimulatedRun<Success>, any Error>?>(nil)
    private let caller = Parkers.current

    init(
        _ simulation: Simulation, _ limits: SimulationLimits, _ faults: [PlannedFault],
        _ onRecord: (@Sendable (TraceRecord) -> Void)?
    ) {
        self.simulation = simulation
        self.limits = limits
        plan = FaultPlan(faults, in: simulation)
        simulation.onRecord = onRecord
    }

    /// Begins with a task, which has the task-local values of the caller.
    func start(_ body: @escaping @Sendable (Router) async -> Result<Success, any Error>) {
        simulation.userCode.machine.enter {
            simulation.userCode.start(Self.name, in: 0) { router in
                let result = await body(router)
                self.ended.withLock { $0 = result }
            }
        }
    }

    /// Begins with a thread.
    func startBlocking(_ body: @escaping @Sendable (Router) -> Result<Success, any Error>) throws {
        try simulation.userCode.machine.enter {
            try simulation.userCode.startBlocking(Self.name, in: 0) { router in
                let result = body(router)
                self.ended.withLock { $0 = result }
            }
        }
    }

    /// Waits until the run has come to its end, or to a standstill.
    func await() throws -> SimulatedRun<Success> {
        try startThread { self.run() }
        let pulse = simulation.userCode.pulse
        var last = pulse.look
        var still = Duration.zero
        while true {
            caller.park(timeout: Self.interval)
            if let outcome = outcome.withLock({ $0 }) { return try outcome.get() }
            let look = pulse.look
            still = look.isStandstill(since: last) ? still + Self.interval : .zero
            last = look
            if still >= limits.patience { return try giveUp(pulse.name) }
        }
    }

    /// The run's thread, or one that it waits for, is stuck. Whatever it does later, nobody listens.
    private func giveUp(_ name: String?) throws -> SimulatedRun<Success> {
        let note = Escape.Note(
            kind: .blockedThread, what: "it blocks its thread outside of what the simulation can end", function: name)
        return try end(.failure(Escape(note, at: .start))).get()
    }

    // MARK: The run's thread

    private func run() {
        simulation.userCode.pulse.begin()
        while outcome.withLock({ $0 == nil }) {
            if let result = ended.withLock({ $0 }) {
                end(result.flatMap(report))
            } else if simulation.now - .start > limits.duration {
                end(.failure(TimeLimitReached(limit: limits.duration, simulation.hang())))
            } else if !simulation.step() {
                end(.failure(whyItEnded()))
            }
        }
        simulation.close()
        caller.unpark()
    }

    /// A program that fails has its own error; one that does not was to meet what was planned.
    private func report(_ result: Success) -> Result<SimulatedRun<Success>, any Error> {
        if let hopeless = plan.hopeless { return .failure(hopeless) }
        var hash = RollingHash()
        hash.fold(simulation.hash)
        hash.fold(simulation.userCodeHash)
        return .success(
            SimulatedRun(
                result: result, hash: hash.value, duration: simulation.now - .start, records: simulation.records,
                remains: simulation.waitingTasks, missed: plan.missed))
    }

    private func whyItEnded() -> any Error {
        if simulation.isLivelocked { return Livelock(at: simulation.now) }
        if let escape = simulation.findEscape() { return escape }
        simulation.noteWaits()
        return simulation.hang()
    }

    /// The first outcome counts.
    @discardableResult
    private func end(_ result: Result<SimulatedRun<Success>, any Error>) -> Result<SimulatedRun<Success>, any Error> {
        outcome.withLock { outcome in
            outcome = outcome ?? result
            return outcome ?? result
        }
    }

    private static var name: String { "the program" }
    private static var interval: Duration { .milliseconds(50) }
}
