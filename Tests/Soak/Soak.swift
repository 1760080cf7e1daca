import Glibc
import MitoSimulator
import MitoTrace

/// Tells one tree after another, and ends the program at the first that is not well.
struct Soak {
    let options: Options
    private var progress: Progress
    private var total = SoakRun.Outcome()

    init(_ options: Options) {
        self.options = options
        progress = Progress(total: options.trees)
    }

    mutating func run() {
        for tree in options.first..<(options.first + options.trees) {
            let plan = options.plan(of: tree)
            let outcome = tell(plan)
            if let violation = outcome.violations.first { report(plan, violation) }
            if tree.isMultiple(of: Self.repeatEvery), Hindsight().outcome(of: plan) != outcome {
                fail("\(Options.command(for: plan))\nThe same tree was another run the second time.", status: 4)
            }
            total.contexts += outcome.contexts
            total.values += outcome.values
            total.failures += outcome.failures
            total.records += outcome.records
            total.strikes += outcome.strikes
            total.code += outcome.code
            progress.show(done: tree - options.first + 1, records: total.records)
        }
        progress.clear()
        print(
            "\(options.trees) trees, \(total.contexts) contexts, \(total.values) calls with a value and"
                + " \(total.failures) without, \(total.code) runs of user code, \(total.strikes) frames struck,"
                + " \(total.records) records, \(Int(progress.elapsed)) s,"
                + " seed \(options.seed): no checker fired")
    }

    /// Runs a plan, and writes its trace where that is wanted.
    private func tell(_ plan: SoakPlan) -> SoakRun.Outcome {
        let hindsight = Hindsight()
        let outcome = hindsight.outcome(of: plan)
        guard let path = options.trace else { return outcome }
        guard let file = fopen(path, "w") else { fail("\(path) cannot be written", status: 64) }
        defer { fclose(file) }
        var writer = TraceWriter()
        writer.write(TraceHeader(world: "sim", seed: plan.seed))
        for record in hindsight.records { writer.write(record) }
        writer.writeEnd()
        let bytes = writer.take()
        fwrite(bytes, 1, bytes.count, file)
        return outcome
    }

    /// Makes a failing plan smaller and ends the program with what is left of it.
    private func report(_ plan: SoakPlan, _ violation: Violation) -> Never {
        var tries = 0
        let smallest = plan.shrunk { smaller in
            tries += 1
            progress.show("\(violation.invariant.rawValue) in tree \(plan.tree): making it smaller, \(tries) tries")
            return Hindsight().outcome(of: smaller).violations.contains { $0.invariant == violation.invariant }
        }
        progress.clear()
        let violations = Hindsight().outcome(of: smallest).violations
        let lines = [Options.command(for: smallest)] + violations.prefix(Self.violationsShown).map(\.description)
        fail(lines.joined(separator: "\n"))
    }

    private static let repeatEvery = 100
    private static let violationsShown = 10
}
