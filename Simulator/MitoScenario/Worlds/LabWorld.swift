import MitoCore
public import MitoLab
import MitoLinks
public import MitoTrace

/// The world of real processes on hosts of their own: each context is in a network namespace, speaks TCP with its
/// parent and its children, and its links are the lab's wire.
///
/// It is told and judged as the live world is; only how a context is reached, and what is done to links, differs.
///
/// ```swift
/// let run = LabWorld.run(scenario, seed: 1, LabWorld.Settings(programs: programs))
/// ```
public enum LabWorld {
    /// What a run on this machine needs to know.
    public struct Settings: Sendable {
        /// What the lab is made with.
        public var programs: LabPrograms
        /// Under this name others find the lab while the story is told; nil = nobody does.
        public var name: String?
        /// A folder in which what crosses each link is captured; nil = nothing is.
        public var captures: String?
        /// Compare this process's descriptors before and after. Only where nobody else opens any meanwhile.
        public var watchesDescriptors = false
        /// Asked now and then: should the run end now?
        public var isInterrupted: @Sendable () -> Bool = { false }

        public init(programs: LabPrograms) { self.programs = programs }
    }

    /// Tells the scenario once. `onRecord` sees each record as it is read, so that somebody may watch.
    public static func run(
        _ scenario: Scenario, seed: UInt64, _ settings: Settings, onRecord: @escaping (TraceRecord) -> Void = { _ in }
    ) -> Run {
        var live = LiveWorld.Settings(image: settings.programs.agent)
        live.watchesDescriptors = settings.watchesDescriptors
        live.isInterrupted = settings.isInterrupted
        return LiveWorld.run(scenario, seed: seed, live, in: .lab, onRecord: onRecord) {
            try LabGrounds(scenario, seed: seed, settings)
        }
    }
}

extension LabPlan {
    /// A host for every context that a story names anywhere, and one for master.
    public init(of scenario: Scenario, seed: UInt64, topology: Topology = .tree) {
        self.init(topology: topology, usualLink: scenario.links.standard, seed: seed)
        add(Self.master)
        var waiting = scenario.everyPlan
        while !waiting.isEmpty {
            // A parent may stand behind its child; one that is nowhere is as good as master.
            let next = waiting.firstIndex { plan in index(of: plan.via) != nil } ?? 0
            let plan = waiting.remove(at: next)
            add(plan.name, below: index(of: plan.via) ?? 0, link: scenario.links[plan.name])
        }
    }

    static let master = "master"
}

/// The hosts of a lab.
private final class LabGrounds: Grounds {
    let world = WorldKind.lab
    let tail: TraceTail
    private let lab: Lab
    private let master: LabHost

    init(_ scenario: Scenario, seed: UInt64, _ settings: LabWorld.Settings) throws {
        var lab = Lab.Settings()
        lab.name = settings.name
        lab.captures = settings.captures
        lab.isTraced = true
        self.lab = try Lab.start(LabPlan(of: scenario, seed: seed), settings.programs, lab)
        guard let path = self.lab.tracePath, let input = self.lab.traceInput, let output = self.lab.traceOutput else {
            throw LabFailure("the lab has handed over no trace")
        }
        tail = try TraceTail(
            header: TraceHeader(world: WorldKind.lab.rawValue, seed: seed, title: scenario.title), input: input,
            output: output, path: path)
        master = try self.lab.host(LabPlan.master)
    }

    func options(for context: String, below parent: String) -> [Value.Pair] {
        let command =
            parent == LabPlan.master ? lab.dialCommand(from: master, to: context) : lab.dialCommand(to: context)
        return [Value.Pair("python_path", .list(command.map { .text($0) }))]
    }

    let hasLinks = true

    /// Those to which something was done.
    private var touchedLinks: Set<String> = []

    func perform(_ order: LinkOrder, onLinkOf context: String) throws(CannotPerform) {
        touchedLinks.insert(context)
        do throws(LabFailure) {
            try lab.order(order, onLinkOf: context)
        } catch {
            throw CannotPerform("'\(order)' cannot be done to the link of \(context): \(error)")
        }
    }

    func mendLinks() {
        for link in touchedLinks.sorted() {
            for order in [LinkOrder.mend, .release(.both)] { try? lab.order(order, onLinkOf: link) }
        }
    }

    func end() -> [String] {
        lab.end()
        return []
    }
}
