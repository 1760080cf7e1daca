import MitoCore
import MitoSimulator
import Testing

@Suite struct SoakTests {
    @Test(arguments: 0..<6)
    func `random trees keep every invariant, whatever befalls them`(ten: Int) {
        for tree in ten * 10..<ten * 10 + 10 {
            let outcome = SoakRun.outcome(of: SoakPlan(seed: 1, tree: tree))
            #expect(outcome.violations == [], "mito-soak --seed 1 --first \(tree) --trees 1")
        }
    }

    @Test func `a plan is drawn and told the same way again`() {
        let plan = SoakPlan(seed: 3, tree: 5)
        #expect(plan == SoakPlan(seed: 3, tree: 5) && plan != SoakPlan(seed: 3, tree: 6))
        #expect(SoakRun.outcome(of: plan) == SoakRun.outcome(of: plan))
    }

    @Test func `what is drawn is of every kind`() {
        let plans = (0..<200).map { SoakPlan(seed: 1, tree: $0) }
        #expect(plans.contains { $0.members.count == 2 } && plans.contains { $0.members.count > 150 })
        #expect(plans.contains { $0.faults.isEmpty } && plans.contains { $0.faults.count > 10 })
        #expect(plans.contains { $0.settings.isUnidirectional })
        #expect(plans.contains(where: \.hasFrameFaults) && plans.contains { !$0.hasFrameFaults && !$0.faults.isEmpty })
        #expect(plans.allSatisfy { $0.members.dropFirst().allSatisfy { $0.parent < $0.number } })
    }

    @Test func `user code runs, and frames are struck`() {
        let outcomes = (0..<20).map { SoakRun.outcome(of: SoakPlan(seed: 5, tree: $0)) }
        #expect(outcomes.contains { $0.code > 0 } && outcomes.contains { $0.strikes > 0 })
    }

    @Test(.enabled(if: Node.defects.contains("keep-route")))
    func `a bug that is planted in every context is found soon`() throws {
        let found = (0..<20).lazy.compactMap { tree in
            var plan = SoakPlan(seed: 1, tree: tree)
            plan.settings.defect = "keep-route"
            return SoakRun.outcome(of: plan).violations.first
        }.first
        #expect(found?.invariant == .routesConverge)
    }

    @Test func `a failing plan is made as small as it goes`() {
        let plan = SoakPlan(seed: 1, tree: 0).withMany
        let smallest = plan.shrunk { $0.deeds.contains { $0.number == 7 } && $0.members.count > 2 }
        #expect(smallest.deeds.map(\.number) == [7] && smallest.faults.isEmpty)
        #expect(smallest.members.count >= 3 && smallest.members.count < plan.members.count)
        #expect(plan.keeping(smallest.everything) == smallest)
    }

    @Test func `what hangs on a context goes with it`() {
        let plan = SoakPlan(seed: 1, tree: 0).withMany
        var kept = plan.everything
        kept.members = [0]
        let alone = plan.keeping(kept)
        #expect(alone.members.map(\.number) == [0] && alone.faults.isEmpty)
        #expect(alone.deeds.count < plan.deeds.count)
    }
}

extension SoakPlan {
    /// A tree of more than twenty contexts.
    fileprivate var withMany: SoakPlan {
        (0..<100).lazy.map { SoakPlan(seed: 1, tree: $0) }.first { $0.members.count > 20 && $0.deeds.count > 20 }
            ?? self
    }
}
