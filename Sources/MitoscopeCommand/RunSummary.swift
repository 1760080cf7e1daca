/// What came of many runs: how many of each outcome, and those to look at first.
struct RunSummary {
    private var tally = Tally()
    private var faults: [(status: ExitStatus, replay: String)] = []

    /// Takes what one scenario came to in one world.
    mutating func add(_ result: Runner.Result, replay: String) {
        tally.add(result.tally)
        if result.status != .passed { faults.append((result.status, replay)) }
    }

    /// `38 runs: 1 hang, 37 passed`, then the commands that show the gravest again.
    var lines: [String] {
        let sum = "\(tally.runs) runs: \(tally.text)"
        guard faults.count > 1 else { return [sum] }
        let gravest = ExitStatus.allCases.reversed().flatMap { status in faults.filter { $0.status == status } }
        let listed = gravest.prefix(Self.listedMax).map { "  \($0.status.word): \($0.replay)" }
        let more = faults.count > listed.count ? ["  and \(faults.count - listed.count) more"] : []
        return [sum] + listed + more
    }

    private static let listedMax = 10
}
