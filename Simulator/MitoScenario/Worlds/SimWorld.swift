public import MitoCore
import MitoLinks
public import MitoSimulator
public import MitoTrace
public import Mitoscope

/// The world under virtual time. A run is a pure function of the build, the scenario and the seed.
///
/// ```swift
/// let run = SimWorld.run(scenario, seed: 7)
/// let verdict = Verdict(of: scenario, in: run)
/// ```
public final class SimWorld {
    private let scenario: Scenario
    private let seed: UInt64
    private let simulation: Simulation
    private let isInterrupted: () -> Bool
    private let onRecord: (TraceRecord) -> Void
    private var records: [TraceRecord] = []
    private var hash = RollingHash()
    private var cast = Cast()
    private var story = Story([], at: .start)

    /// Tells the scenario once. `functions` is the image of every context. `isInterrupted` is asked now and then
    /// whether the run should end; `onRecord` sees each record as it is made, so that somebody may watch.
    public static func run(
        _ scenario: Scenario, seed: UInt64, functions: [any ImageFunction] = BuiltInFunctions.all,
        isInterrupted: @escaping () -> Bool = { false },
        onRecord: @escaping (TraceRecord) -> Void = { _ in }
    ) -> Run {
        let world = SimWorld(scenario, seed: seed, functions, isInterrupted, onRecord)
        let ending = world.setUp() ?? world.tell()
        return Run(world: .sim, seed: seed, records: world.records, ending: ending, hash: world.hash.value)
    }

    private init(
        _ scenario: Scenario, seed: UInt64, _ functions: [any ImageFunction], _ isInterrupted: @escaping () -> Bool,
        _ onRecord: @escaping (TraceRecord) -> Void
    ) {
        self.scenario = scenario
        self.seed = seed
        self.isInterrupted = isInterrupted
        self.onRecord = onRecord
        let links = scenario.links
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        simulation = Simulation(
            seed: seed, configuration: configuration, functions: functions,
            link: { links[$0.remoteName] })
        simulation.onRecord = { [unowned self] in note($0.event, in: $0.context) }
    }

    // MARK: Trace

    /// Every record of the run goes through here, ours too: it is numbered, hashed, and shown to the story.
    private func note(_ event: Event, in context: ContextID) {
        hash.fold(event, in: context)
        let record = TraceRecord(index: UInt64(records.count + 1), context: context, event: event, hash: hash.value)
        records.append(record)
        cast.observe(record)
        story.observed(record)
        onRecord(record)
    }
}

// MARK: The run

extension SimWorld {
    /// Starts the contexts one after another; the ending when one does not come up.
    private func setUp() -> Run.Ending? {
        for plan in scenario.contexts {
            startConnect(plan, as: Cast.setUpName(of: plan.name))
            while cast.state(of: plan.name) == .awaited, simulation.step() {}
            switch cast.state(of: plan.name) {
            case .up: continue
            case .failed(let why): return .failedToStart("\(plan.name) did not come up: \(why)")
            case .awaited: return halted() ?? .failedToStart("\(plan.name) never came up")
            }
        }
        return nil
    }

    private func tell() -> Run.Ending {
        let begin = simulation.now
        mark("the story begins", on: .master, as: StoryMark.begin)
        story = Story(scenario.story, at: begin, ids: cast.ids)
        var awaited: Instant?
        while true {
            do throws(CannotPerform) {
                while let entry = story.poll() { try entry.word.perform(on: self, as: entry.name) }
            } catch {
                return .untold(error.why)
            }
            if story.isTold, story.openCalls.isEmpty { break }
            if let deadline = story.deadline, deadline != awaited {
                awaited = deadline
                simulation.schedule(at: deadline, token: 0)
            }
            if !simulation.step() {
                if let ending = halted() { return ending }
                guard story.openCalls.isEmpty, let next = story.waiting.first, !Stillness.isDeadlock(in: records) else {
                    return .hung
                }
                return .untold("'\(next.word.sentence)' waits for what never comes")
            }
            if simulation.now - begin > scenario.limit { return .limitReached }
            if isInterrupted() { return .interrupted }
            story.expired(at: simulation.now)
        }
        return rest(until: begin + scenario.limit)
    }

    /// Lets what still runs come to its end, then shuts the tree down.
    private func rest(until limit: Instant) -> Run.Ending {
        simulation.run(until: limit)
        if let ending = halted() { return ending }
        mark("the story ends", on: .master, as: StoryMark.end)
        simulation.withAgent(.master) { $0.node.shutdown(at: $1) }
        simulation.run(until: limit + .seconds(60))
        return halted() ?? .rested
    }

    /// Why nothing happens any more though something could.
    private func halted() -> Run.Ending? {
        if simulation.isLivelocked { return .livelocked }
        return simulation.findEscape().map { .escaped("\($0)") }
    }
}

extension SimWorld: Stage {
    public func id(of context: String) -> ContextID? { cast.ids[context] }

    public func command(_ command: SupervisorCommand, in context: ContextID) -> Bool {
        simulation.withAgent(context) { $0.node.obey(command, at: $1) } != nil
    }

    public func mark(_ word: String, on subject: ContextID, as name: String) {
        note(StoryMark.event(word, named: name, on: subject, at: simulation.now), in: subject)
    }

    public func kill(_ context: String, _ id: ContextID, as name: String) -> Bool {
        simulation.perform(.kill(id), as: name)
    }

    public func perform(_ fault: Fault, on context: String, as name: String) throws(CannotPerform) {
        guard simulation.perform(fault, as: name) else {
            throw CannotPerform("'\(fault)' cannot be done to \(context): it has ended, or it is so already")
        }
    }

    public func restart(_ context: String, _ id: ContextID, as name: String) throws(CannotPerform) {
        cast.expect(context, from: name)
        guard simulation.restart(id, as: name) != nil else {
            throw CannotPerform("\(context) cannot be restarted: what started it has ended")
        }
    }

    public func unleash(_ chaos: Chaos, as name: String) {
        mark(ChaosWord.word, on: .master, as: name)
        simulation.perform(chaos.strikes(on: cast.victims, seed: seed))
    }

    public func shutdown(_ context: ContextID, as name: String) {
        mark(ShutdownWord.word, on: context, as: name)
        simulation.withAgent(.master) { $0.node.shutdown(context, at: $1) }
    }

    public func connect(_ plan: ContextPlan, as name: String) {
        mark(ConnectWord.word, on: .master, as: name)
        startConnect(plan, as: name)
    }

    private func startConnect(_ plan: ContextPlan, as name: String) {
        cast.expect(plan.name, from: name)
        let request = plan.request(cast.ids, as: name, scenario.defects)
        simulation.withAgent(.master) { _ = $0.node.connect(request, at: $1) }
    }
}
