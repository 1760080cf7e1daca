import MitoCore

/// The planned faults of one run: waits for their times, and knows which came to nothing.
///
/// It has the simulation's tokens for itself.
final class FaultPlan {
    private let faults: [PlannedFault]
    private unowned let simulation: Simulation
    private var isDone: [Bool]
    /// What ends those that were done and do not last, in the order in which they were done.
    private var ends: [Fault] = []

    init(_ faults: [PlannedFault], in simulation: Simulation) {
        self.faults = faults
        self.simulation = simulation
        isDone = faults.map { _ in false }
        guard !faults.isEmpty else { return }
        simulation.onToken = { [unowned self] in come(Int($0)) }
        for place in faults.indices { simulation.schedule(at: .start + faults[place].time, token: UInt64(place)) }
    }

    /// Those that were not done, so far.
    var missed: [PlannedFault] { faults.indices.filter { !isDone[$0] }.map { faults[$0] } }

    /// The first one for a name that never came up.
    var hopeless: NoSuchContext? {
        let names = simulation.contextNames
        return missed.first { !names.contains($0.name) }.map { NoSuchContext(fault: $0, names: names) }
    }

    /// The time of a fault has come, or of the end of one: those are numbered behind the faults.
    private func come(_ token: Int) {
        guard token < faults.count else {
            simulation.perform(ends[token - faults.count])
            return
        }
        let fault = faults[token]
        guard let context = simulation.context(named: fault.name) else { return }
        isDone[token] = simulation.perform(fault.fault(of: context))
        guard isDone[token], let duration = fault.duration, let end = fault.end(of: context) else { return }
        simulation.schedule(at: simulation.now + duration, token: UInt64(faults.count + ends.count))
        ends.append(end)
    }
}
