import Foundation
import MitoLab
import MitoScenario
import MitoTrace

/// Tells one scenario in one world, as often as asked, and keeps what the user wants kept.
struct Runner {
    var seed: UInt64?
    /// Instead of one seed: each of these.
    var seeds: SeedRange?
    var times: Int
    var trace: OutputFile?
    var writesTranscripts: Bool
    var agentPath: String
    /// In `lab`, a folder in which what crosses each link is captured.
    var captures: String?

    /// What came of one scenario in one world.
    struct Result {
        var scenario: Scenario
        var run: Run
        var verdict: Verdict
        /// The first run whose hash is another than the first run's, of those with one seed.
        var differingHash: UInt64?
        /// What all the runs came to of which this is the first of the gravest.
        var tally = Tally()

        var status: ExitStatus {
            if run.ending == .interrupted { return .interrupted }
            return differingHash == nil ? ExitStatus(verdict) : .nondeterministic
        }
    }

    /// The first run that does not pass, or else the first; of a sweep the first of the gravest. `onEnd` is called
    /// after each.
    func run(
        _ scenario: Scenario, in world: WorldKind, onEnd: () -> Void = {}
    ) throws(OutputFile.Failure) -> Result {
        if let seeds { return try sweep(scenario, in: world, seeds, onEnd) }
        let seed = seed ?? scenario.seed
        var result = try runOnce(scenario, in: world, seed: seed)
        var tally = Tally()
        tally.add(result.status)
        onEnd()
        let first = result.run.hash
        for _ in 1..<times where result.status == .passed && !Interruption.hasCome {
            let next = try runOnce(scenario, in: world, seed: seed)
            if world == .sim, next.run.hash != first {
                result.differingHash = next.run.hash
                tally.add(.nondeterministic)
            } else {
                tally.add(next.status)
                if next.status != .passed { result = next }
            }
            onEnd()
        }
        result.tally = tally
        return result
    }

    /// Every seed has its run, whatever the others come to.
    private func sweep(
        _ scenario: Scenario, in world: WorldKind, _ seeds: SeedRange, _ onEnd: () -> Void
    ) throws(OutputFile.Failure) -> Result {
        var gravest = try runOnce(scenario, in: world, seed: seeds.first)
        var tally = Tally()
        tally.add(gravest.status)
        onEnd()
        var seed = seeds.first
        while seed < seeds.last, !Interruption.hasCome {
            seed += 1
            let next = try runOnce(scenario, in: world, seed: seed)
            tally.add(next.status)
            if next.status != gravest.status, gravest.status.combined(with: next.status) == next.status {
                gravest = next
            }
            onEnd()
        }
        gravest.tally = tally
        return gravest
    }

    private func runOnce(
        _ scenario: Scenario, in world: WorldKind, seed: UInt64
    ) throws(OutputFile.Failure) -> Result {
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
        case .lab:
            var settings = LabWorld.Settings(programs: .shipped)
            settings.captures = captures
            settings.watchesDescriptors = true
            settings.isInterrupted = { Interruption.hasCome }
            return LabWorld.run(scenario, seed: seed, settings)
        }
    }

    private static func traceText(of run: Run, _ scenario: Scenario) -> [UInt8] {
        var writer = TraceWriter()
        writer.write(TraceHeader(world: run.world.rawValue, seed: run.seed, title: scenario.title))
        for record in run.records { writer.write(record) }
        if run.ending != .interrupted { writer.writeEnd() }
        return writer.take()
    }

    /// `NAME.transcript` beside `NAME.yaml`.
    static func transcriptPath(of file: String) -> String {
        URL(filePath: file).deletingPathExtension().appendingPathExtension("transcript").path
    }
}
