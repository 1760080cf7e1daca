import Foundation
import MitoScenario
import MitoTrace

/// Tells one scenario in one world, as often as asked, and keeps what the user wants kept.
struct Runner {
    var seed: UInt64?
    var times: Int
    var trace: OutputFile?
    var writesTranscripts: Bool
    var agentPath: String

    /// What came of one scenario in one world.
    struct Result {
        var scenario: Scenario
        var run: Run
        var verdict: Verdict
        /// The first run whose hash is another than the first run's, of those with one seed.
        var differingHash: UInt64?

        var status: ExitStatus {
            if run.ending == .interrupted { return .interrupted }
            return differingHash == nil ? ExitStatus(verdict) : .nondeterministic
        }
    }

    /// The first run that does not pass, or else the first.
    func run(_ scenario: Scenario, in world: WorldKind) throws(OutputFile.Failure) -> Result {
        var result = try runOnce(scenario, in: world)
        let first = result.run.hash
        for _ in 1..<times where result.status == .passed && !Interruption.hasCome {
            let next = try runOnce(scenario, in: world)
            if world == .sim, next.run.hash != first {
                result.differingHash = next.run.hash
            } else if next.status != .passed {
                result = next
            }
        }
        return result
    }

    private func runOnce(_ scenario: Scenario, in world: WorldKind) throws(OutputFile.Failure) -> Result {
        let seed = seed ?? scenario.seed
        let run = tell(scenario, in: world, seed: seed)
        try trace?.write(Self.traceText(of: run, scenario))
        if writesTranscripts, world == .sim {
            let text = ScenarioTranscript(of: scenario, in: run).text
            try OutputFile(Self.transcriptPath(of: scenario.file)).write(Array(text.utf8))
        }
        return Result(scenario: scenario, run: run, verdict: Verdict(of: scenario, in: run))
    }

    private func tell(_ scenario: Scenario, in world: WorldKind, seed: UInt64) -> Run {
        switch world {
        case .sim: return SimWorld.run(scenario, seed: seed, isInterrupted: { Interruption.hasCome })
        case .live:
            var settings = LiveWorld.Settings(image: agentPath)
            settings.watchesDescriptors = true
            settings.isInterrupted = { Interruption.hasCome }
            return LiveWorld.run(scenario, seed: seed, settings)
        }
    }

    private static func traceText(of run: Run, _ scenario: Scenario) -> [UInt8] {
        var writer = TraceWriter()
        writer.write(TraceHeader(world: run.world.rawValue, seed: run.seed, title: scenario.title))
        for record in run.records { writer.write(record) }
        return writer.take()
    }

    /// `NAME.transcript` beside `NAME.yaml`.
    static func transcriptPath(of file: String) -> String {
        URL(filePath: file).deletingPathExtension().appendingPathExtension("transcript").path
    }
}
