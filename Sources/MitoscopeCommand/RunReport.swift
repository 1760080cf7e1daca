import MitoReport
import MitoScenario

/// What came of one run, for programs: one JSON object on a line of its own.
struct RunReport: Encodable {
    var file: String
    var title: String
    var world: String
    var seed: UInt64
    /// As `Verdict.Outcome`, or `nondeterministic` or `interrupted`.
    var outcome: String
    var exit: Int32
    /// Where there was more than one run: how many came to what. The rest is about the first of the gravest.
    var runs: [String: Int]?
    /// Only where worlds have a common order.
    var hash: String?
    /// Why the run did not come to rest.
    var ending: String?
    var misses: [Miss]
    /// Who waits, on whom, where it was lost, because of what, and the text for people.
    var explanation: [String: String]?
    /// The command that shows a failure again.
    var replay: String?

    struct Miss: Encodable {
        var line: Int
        var column: Int
        var expected: String
        var seen: String
        var isOnlyLate: Bool

        init(_ miss: Verdict.Miss) {
            (line, column) = (miss.position.line, miss.position.column)
            (expected, seen, isOnlyLate) = (miss.expected, miss.seen, miss.isOnlyLate)
        }
    }

    init(_ result: Runner.Result, hash: String, replay: String) {
        let (run, verdict) = (result.run, result.verdict)
        file = result.scenario.file
        title = result.scenario.title
        world = run.world.rawValue
        seed = run.seed
        outcome =
            switch result.status {
            case .nondeterministic: "nondeterministic"
            case .interrupted: "interrupted"
            default: verdict.outcome.rawValue
            }
        exit = result.status.rawValue
        runs = result.tally.runs > 1 ? result.tally.words : nil
        self.hash = run.world == .sim ? hash : nil
        ending = verdict.ending.isEmpty ? nil : verdict.ending
        misses = result.status.isAboutExpectations ? verdict.misses.map(Miss.init) : []
        explanation = verdict.explanation.map {
            ["waits": $0.waits, "on": $0.on, "lost-at": $0.lostAt, "because": $0.because.rawValue, "text": $0.text]
        }
        self.replay = result.status == .passed ? nil : replay
    }
}
