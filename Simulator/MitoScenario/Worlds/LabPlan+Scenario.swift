public import MitoLab

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
