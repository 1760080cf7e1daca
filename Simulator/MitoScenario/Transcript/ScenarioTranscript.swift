import MitoReport

/// The text that stands beside a scenario as `NAME.transcript`: what a person is told of it. It says nothing that
/// changes while behaviour does not: no times, steps or hashes.
public struct ScenarioTranscript: Hashable, Sendable {
    public let text: String

    /// From a run in the simulation with the scenario's own seed.
    public init(of scenario: Scenario, in run: Run) {
        let verdict = Verdict(of: scenario, in: run)
        let told = Telling.transcript(of: run.records, times: false, links: scenario.links)
        var lines = [scenario.title, ""] + told + [""]
        if let explanation = verdict.explanation {
            lines += [explanation.headline] + explanation.story + ["Prevention: \(explanation.prevention)", ""]
        }
        let expected = scenario.expectations.flatMap { $0.checks.map { "expected: \($0.sentence)" } }
        lines += expected + ["", verdict.outcome.rawValue]
        text = lines.map { $0 + "\n" }.joined()
    }
}
