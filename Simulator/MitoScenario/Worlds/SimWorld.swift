public import MitoCore
import MitoLinks
import MitoSimulator
public import MitoTrace
import Mitoscope

/// The world under virtual time. A run is a pure function of the build, the scenario and the seed.
///
/// ```swift
/// let run = SimWorld.run(scenario, seed: 7)
/// let verdict = Verdict(of: scenario, in: run)
/// ```
public final class SimWorld {
    private let scenario: Scenario
    private let simulation: Simulation
    private let isInterrupted: () -> Bool
    private let onRecord: (TraceRecord) -> Void
    private var records: [TraceRecord] = []
    private var hash = RollingHash()
    private var cast = Cast()
    private var story = Story([], at: .start)
    /// What the story calls the crash that is happening now; the simulation itself notes it.
    private var deedName = ""

    /// Tells the scenario once. `isInterrupted` is asked now and then whether the run should end; `onRecord` sees each
    /// record as it is made, so that somebody may watch.
    public static func run(
        _ scenario: Scenario, seed: UInt64, isInterrupted: @escaping () -> Bool = { false },
        onRecord: @escaping (TraceRecord) -> Void = { _ in }
    ) -> Run {
        let world = SimWorld(scenario, seed: seed, isInterrupted, onRecord)
        let ending = world.setUp() ?? world.tell()
        return Run(world: .sim, seed: seed, records: world.records, ending: ending, hash: world.hash.value)
    }

    private init(
        _ scenario: Scenario, seed: UInt64, _ isInterrupted: @escaping () -> Bool,
        _ onRecord: @escaping (TraceRecord) -> Void
    ) {
        self.scenario = scenario
        self.isInterrupted = isInterrupted
        self.onRecord = onRecord
        let links = scenario.links
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        simulation = Simulation(
            seed: seed, configuration: configuration, functions: BuiltInFunctions.all,
            link: { LinkModel(links[$0.remoteName]) })
        simulation.onRecord = { [unowned self] in note($0.event, in: $0.context) }
        simulation.onOrder = { [unowned self] context, order in
            guard case .deliver(let receiver, let message) = order, message.isDead, context == .master else { return }
            simulation.withAgent(.master) { $0.node.closeReceiver(receiver, at: $1) }
        }
    }

    // MARK: Trace

    /// Every record of the run goes through here, ours too: it is numbered, hashed, and shown to the story.
    private func note(_ event: Event, in context: ContextID) {
        var event = event
        if event.step == 0, event.kind == .command, event.tag.isEmpty { event.tag = deedName }
        hash.fold(event, in: context)
        let record = TraceRecord(index: UInt64(records.count + 1), context: context, event: event, hash: hash.value)
        records.append(record)
        cast.observe(record)
        story.observed(record)
        onRecord(record)
    }

    private func mark(_ word: String, _ name: String, on subject: ContextID = .master) {
        note(StoryMark.event(word, named: name, on: subject, at: simulation.now), in: subject)
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
            case .awaited: return simulation.isLivelocked ? .livelocked : .failedToStart("\(plan.name) never came up")
            }
        }
        return nil
    }

    private func tell() -> Run.Ending {
        let begin = simulation.now
        mark("the story begins", StoryMark.begin)
        story = Story(scenario.story, at: begin)
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
                if simulation.isLivelocked { return .livelocked }
                guard story.openCalls.isEmpty, let next = story.waiting.first else { return .hung }
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
        if case .livelocked = simulation.run(until: limit) { return .livelocked }
        mark("the story ends", StoryMark.end)
        simulation.withAgent(.master) { $0.node.shutdown(at: $1) }
        if case .livelocked = simulation.run(until: limit + .seconds(60)) { return .livelocked }
        return .rested
    }
}

extension SimWorld: Stage {
    public func id(of context: String) -> ContextID? { cast.ids[context] }

    public func call(_ request: CallRequest, from caller: ContextID) -> Bool {
        simulation.withAgent(caller) { $0.node.call(request, at: $1) } != nil
    }

    public func stream(_ request: CallRequest) {
        guard let receiver = simulation.withAgent(.master, { $0.node.openReceiver(at: $1) }) else { return }
        note(StoryMark.stream(request.tag, to: receiver, at: simulation.now), in: .master)
        var request = request
        request.arguments.append(.sender(.master, receiver))
        simulation.withAgent(.master) { _ = $0.node.call(request, at: $1) }
    }

    public func kill(_ context: String, _ id: ContextID, as name: String) -> Bool {
        deedName = name
        defer { deedName = "" }
        return simulation.kill(id)
    }

    public func shutdown(_ context: ContextID, as name: String) {
        mark(ShutdownWord.word, name, on: context)
        simulation.withAgent(.master) { $0.node.shutdown(context, at: $1) }
    }

    public func connect(_ plan: ContextPlan, as name: String) {
        mark(ConnectWord.word, name)
        startConnect(plan, as: name)
    }

    private func startConnect(_ plan: ContextPlan, as name: String) {
        cast.expect(plan.name, from: name)
        let request = plan.request(cast.ids, as: name, scenario.defects)
        simulation.withAgent(.master) { _ = $0.node.connect(request, at: $1) }
    }
}
