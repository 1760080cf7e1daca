public import MitoCore
import MitoLinks
import MitoLinux
import MitoLive
import MitoSimulator
import Mitoscope
public import MitoTrace

/// The world of real processes and real time: every context but master is a process that runs the agent's image.
///
/// All contexts append what happens to them to one file; the story is told from what is read there, by the same engine
/// as in the simulation.
/// ```swift
/// let run = LiveWorld.run(scenario, seed: 1, LiveWorld.Settings(image: "/usr/bin/mito-agent"))
/// ```
public final class LiveWorld {
    /// What a run on this machine needs to know.
    public struct Settings: Sendable {
        /// The program that becomes a context.
        public var image: String
        /// Compare this process's descriptors before and after. Only where nobody else opens any meanwhile.
        public var watchesDescriptors = false
        /// Asked now and then: should the run end now?
        public var isInterrupted: @Sendable () -> Bool = { false }

        public init(image: String) { self.image = image }
    }

    let scenario: Scenario
    let seed: UInt64
    private let settings: Settings
    let grounds: any Grounds
    let broker: Broker
    var tail: TraceTail { grounds.tail }
    private let onRecord: (TraceRecord) -> Void
    private var records: [TraceRecord] = []
    var cast = Cast()
    private var story = Story([], at: .start)
    private var lastNews = Instant.monotonic
    private var nextLook = Instant.start
    /// A killed process may still be there for a moment.
    var killed: Set<ContextID> = []
    var frozen: Set<ContextID> = []
    /// The links on which something does not get through, by their lower ends: no order gets past them either.
    var closedLinks: Set<ContextID> = []
    /// The faults that chance has chosen and that have not come.
    var chosen: [(at: Instant, fault: Fault, tries: Int)] = []

    /// Tells the scenario once. `onRecord` sees each record as it is read, so that somebody may watch.
    public static func run(
        _ scenario: Scenario, seed: UInt64, _ settings: Settings, onRecord: @escaping (TraceRecord) -> Void = { _ in }
    ) -> Run {
        run(scenario, seed: seed, settings, in: .live, onRecord: onRecord) {
            let header = TraceHeader(world: WorldKind.live.rawValue, seed: seed, title: scenario.title)
            return HostGrounds(scenario, seed: seed, try TraceTail(header: header))
        }
    }

    /// The same on the grounds that `prepare` gives.
    static func run(
        _ scenario: Scenario, seed: UInt64, _ settings: Settings, in world: WorldKind,
        onRecord: @escaping (TraceRecord) -> Void, on prepare: () throws -> any Grounds
    ) -> Run {
        let descriptors = settings.watchesDescriptors ? ProcessTable.openDescriptors : []
        func missing(_ why: String) -> Run {
            Run(world: world, seed: seed, records: [], ending: .environmentMissing(why))
        }
        guard Machine.isProgram(settings.image) else {
            return missing(
                "there is no program '\(settings.image)' to start contexts from:"
                    + " `swift build -c release --product mito-agent` builds one, MITOSCOPE_AGENT names it;"
                    + " the mitoscope that `make dist` makes has it inside")
        }
        do {
            var run = try tell(scenario, seed: seed, settings, on: try prepare(), onRecord)
            let left = settings.watchesDescriptors ? ProcessTable.descriptorsLeft(beyond: descriptors) : []
            run.leftovers += left.sorted().map { "the runner's descriptor \($0)" }
            return run
        } catch {
            return missing("\(error)")
        }
    }

    /// The grounds are given back whatever comes of it.
    private static func tell(
        _ scenario: Scenario, seed: UInt64, _ settings: Settings, on grounds: any Grounds,
        _ onRecord: @escaping (TraceRecord) -> Void
    ) throws -> Run {
        do {
            var run = try LiveWorld(scenario, seed: seed, settings, grounds, onRecord).run(seed: seed)
            run.leftovers += grounds.end()
            return run
        } catch {
            _ = grounds.end()
            throw error
        }
    }

    private init(
        _ scenario: Scenario, seed: UInt64, _ settings: Settings, _ grounds: any Grounds,
        _ onRecord: @escaping (TraceRecord) -> Void
    ) throws {
        self.scenario = scenario
        self.seed = seed
        self.settings = settings
        self.grounds = grounds
        self.onRecord = onRecord
        var configuration = Node.Configuration()
        configuration.isTraced = true
        configuration.callers = .anyone
        var brokerSettings = Broker.Settings(image: settings.image, tracePath: grounds.tail.ownPath)
        brokerSettings.isLogging = false
        let agent = Agent(node: Node(master: configuration), functions: BuiltInFunctions.all + HostFunctions.all)
        broker = try Broker(agent: agent, settings: brokerSettings) { _ in }
    }

    private func run(seed: UInt64) throws -> Run {
        var ending = try setUp()
        if ending == nil { ending = try tell() }
        let leftovers = try end()
        return Run(world: grounds.world, seed: seed, records: records, ending: ending ?? .rested, leftovers: leftovers)
    }
}

// MARK: The run

extension LiveWorld {
    /// Starts the contexts one after another; the ending when one does not come up.
    private func setUp() throws -> Run.Ending? {
        for plan in scenario.contexts {
            startConnect(plan, as: Cast.setUpName(of: plan.name))
            while cast.state(of: plan.name) == .awaited {
                if settings.isInterrupted() { return .interrupted }
                try readNews()
            }
            if case .failed(let why) = cast.state(of: plan.name) {
                // What never says that it becomes a context is another program, whatever it said instead.
                let isSilent = why.hasPrefix("EOF on stream")
                let image = isSilent ? "'\(settings.image)' is no mito-agent, or it ended at once: " : ""
                return .failedToStart("\(plan.name) did not come up: \(image)\(why)")
            }
        }
        return nil
    }

    /// Tells the story; nil when it came to rest.
    private func tell() throws -> Run.Ending? {
        let begin = Instant.monotonic
        mark("the story begins", on: .master, as: StoryMark.begin)
        story = Story(scenario.story, at: begin, ids: cast.ids)
        while true {
            do throws(CannotPerform) {
                while let entry = story.poll() { try entry.word.perform(on: self, as: entry.name) }
            } catch {
                return .untold(error.why)
            }
            performChosen(at: .monotonic)
            if hasComeToRest { return nil }
            if settings.isInterrupted() { return .interrupted }
            try readNews()
            let now = Instant.monotonic
            story.expired(at: now)
            if now - begin > scenario.limit { return .limitReached }
            if let stuck = stuckEnding { return stuck }
        }
    }

    /// Is the story told, and has everything that follows from it arrived?
    private var hasComeToRest: Bool {
        guard story.isTold, story.openCalls.isEmpty, chosen.isEmpty, isQuiet(for: Self.restTime) else { return false }
        if isQuiet(for: Self.restTimeMax) { return true }
        return isTimeToLook && !Stillness.isAnythingUnderway(in: records) && !isAnybodyLeaving
    }

    /// Is there an end that a parent has not seen: has a context said that it ends, and its process is still there; or
    /// is the process gone, and the news of it on its way?
    private var isAnybodyLeaving: Bool {
        let running = ProcessTable.contexts(ofTree: tail.path).union(["master"])
        let down = Set(records.lazy.filter { $0.event.kind == .contextDown }.map(\.context))
        let seen = Set(records.lazy.filter { $0.event.kind == .childExited }.map(\.event.link))
        return cast.ids.contains { name, id in
            guard name != "master" else { return false }
            if running.contains(name) { return down.contains(id) }
            return !seen.contains(id) && running.contains(scenario.plan(of: name)?.via ?? "master")
        }
    }

    /// A look at the whole trace takes a while, so there is another while between two.
    private var isTimeToLook: Bool {
        let now = Instant.monotonic
        guard now >= nextLook else { return false }
        nextLook = now + Self.restTime
        return true
    }

    /// How nothing goes on, when nothing does: nobody can wake those who wait.
    private var stuckEnding: Run.Ending? {
        guard !(story.isTold && story.openCalls.isEmpty), story.deadline == nil, chosen.isEmpty,
            isQuiet(for: Self.hangTime)
        else {
            return nil
        }
        guard isTimeToLook else { return nil }
        // On a network, what a context has said may come when its process is long gone.
        if grounds.hasLinks, !isQuiet(for: Self.restTimeMax), isAnybodyLeaving { return nil }
        if Stillness.isDeadlock(in: records) { return .hung }
        guard story.openCalls.isEmpty, let next = story.waiting.first else { return nil }
        return .untold("'\(next.word.sentence)' waits for what never comes")
    }

    private func isQuiet(for time: Duration) -> Bool { Instant.monotonic - lastNews > time }

    /// Shuts the tree down, and returns what is left of it when it should be gone.
    private func end() throws -> [String] {
        noteVanished()
        mark("the story ends", on: .master, as: StoryMark.end)
        broker.submit { agent, now in agent.node.shutdown(at: now) }
        broker.join()
        grounds.mendLinks()
        endDetached()
        let left = ProcessTable.whatIsLeft(ofTree: tail.path, after: Self.farewellTime)
        try readNews()
        noteVanished()
        try readNews()
        return left
    }

    /// What has left the tree ends with the run.
    private func endDetached() {
        for (name, id) in cast.ids where records.contains(where: { $0.isDetachment && $0.context == id }) {
            if let process = ProcessTable.process(of: name, inTree: tail.path) { ProcessTable.kill(process) }
        }
    }

    /// A process that loses its parent may be ended by the system before it can say so: then we say it.
    private func noteVanished() {
        let running = ProcessTable.contexts(ofTree: tail.path)
        for (name, id) in cast.ids.sorted(by: { $0.value < $1.value }) where id != .master && !running.contains(name) {
            let hasEnded = records.contains { record in
                record.event.kind == .contextDown && record.context == id
                    || record.isMark(of: KillWord.word, on: id)
            }
            if !hasEnded { tail.marks.append(StoryMark.vanished(id, at: .monotonic), of: id) }
        }
    }

    private func readNews() throws {
        let news = try tail.read()
        guard !news.isEmpty else { return Machine.sleep(nanoseconds: Self.readingGap.nanoseconds) }
        lastNews = .monotonic
        for record in news {
            records.append(record)
            cast.observe(record)
            story.observed(record)
            onRecord(record)
        }
    }

    private static let readingGap = Duration.milliseconds(1)
    /// No news for so long after the last call: the story has come to rest.
    private static let restTime = Duration.milliseconds(100)
    /// No news for so long after the last call: what is still under way will never arrive.
    private static let restTimeMax = Duration.seconds(3)
    /// No news for so long: worth a look whether anything can still happen.
    private static let hangTime = Duration.milliseconds(500)
    /// How long processes may take to be gone once the broker has seen off its own children.
    private static let farewellTime = Duration.seconds(5)
}

extension LiveWorld: Stage {
    public func id(of context: String) -> ContextID? { cast.ids[context] }

    /// Whether a context far away has ended is not known here; a call fails then.
    public func command(_ command: SupervisorCommand, in context: ContextID) -> Bool {
        guard !frozen.contains(context) else { return false }
        let command = shaped(command)
        guard context != .master else {
            return broker.submit { agent, now in agent.node.obey(command, at: now) }
        }
        // Only the context itself can do it: it is asked to, out of the story's hearing.
        return ask(context, command)
    }

    /// A call that starts a context, with what its connection must say.
    private func shaped(_ command: SupervisorCommand) -> SupervisorCommand {
        guard case .call(var request) = command, request.function == BuiltInFunctions.spawn.name,
            let name = request.arguments.first?.string
        else { return command }
        let options = grounds.options(for: name, below: scenario.plan(of: name)?.via ?? "master")
        if !options.isEmpty { request.keywords.append(Value.Pair("options", .dict(options))) }
        return .call(request)
    }

    public func mark(_ word: String, on subject: ContextID, as name: String) {
        tail.marks.append(StoryMark.event(word, named: name, on: subject, at: .monotonic), of: subject)
    }

    /// Asks a context below for something.
    func ask(_ context: ContextID, _ command: SupervisorCommand) -> Bool {
        let message = Message(
            to: context, handle: .diagnostic, encoding: .pickle, payload: command.value.pickled())
        return broker.submit { agent, now in agent.node.send(message, at: now) }
    }

    public func kill(_ context: String, _ id: ContextID, as name: String) -> Bool {
        guard let process = ProcessTable.process(of: context, inTree: tail.path), killed.insert(id).inserted else {
            return false
        }
        mark(KillWord.word, on: id, as: name)
        ProcessTable.kill(process)
        return true
    }

    public func shutdown(_ context: ContextID, as name: String) {
        mark(ShutdownWord.word, on: context, as: name)
        broker.submit { agent, now in agent.node.shutdown(context, at: now) }
    }

    public func connect(_ plan: ContextPlan, as name: String) {
        mark(ConnectWord.word, on: .master, as: name)
        startConnect(plan, as: name)
    }

    func startConnect(_ plan: ContextPlan, as name: String) {
        cast.expect(plan.name, from: name)
        var request = plan.request(cast.ids, as: name, scenario.defects)
        request.options += grounds.options(for: plan.name, below: plan.via)
        broker.submit { [request] agent, now in _ = agent.node.connect(request, at: now) }
    }
}
