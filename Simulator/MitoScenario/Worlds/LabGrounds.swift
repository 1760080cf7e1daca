import MitoCore
import MitoLab
import MitoLinks
import MitoTrace

/// The hosts of a lab.
final class LabGrounds: Grounds {
    let world = WorldKind.lab
    let tail: TraceTail
    private let lab: Lab
    private let master: LabHost

    init(_ scenario: Scenario, seed: UInt64, _ settings: LabWorld.Settings) throws {
        var lab = Lab.Settings()
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
