import ArgumentParser
import Foundation
import MitoScenario
import MitoTrace

/// `run FILES…`: tells scenarios and judges them.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Tells scenarios and judges what came of them.",
        discussion: """
            A story that is run alone is told line by line; of many, each gets one line.
              mitoscope run Scenarios/Lessons/06-killed-target.yaml
              mitoscope run Scenarios/Lessons/06-killed-target.yaml --world live
              mitoscope run Scenarios --world all
              mitoscope run story.yaml --seed 7 --trace run.trace
            """)

    enum Worlds: String, ExpressibleByArgument, CaseIterable {
        case sim, live, all
    }

    @Argument(help: "Scenario files, or folders with such.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Option(help: "Where to tell them: virtual time, real processes, or every world that a story names.")
    var world = Worlds.sim

    @Option(help: "The seed, instead of the scenario's own.")
    var seed: UInt64?

    @Option(help: "Tell each so often; in the simulation all runs of a seed must be the same.")
    var times = 1

    @Flag(help: "Print one JSON object for each run.")
    var json = false

    @Flag(help: "Print the hash of each run and nothing else that passes.")
    var hash = false

    @Flag(help: "Tell the stories line by line, also when there are many.")
    var tell = false

    @Option(help: "Write the trace of the one run there.", completion: .file())
    var trace: String?

    @Flag(help: "Write NAME.transcript beside each scenario, from its run in the simulation.")
    var update = false

    func validate() throws {
        if times < 1 { throw ValidationError("--times is at least 1") }
        if update, seed != nil || world == .live {
            throw ValidationError("--update takes the simulation and the scenario's own seed")
        }
    }

    func run() throws {
        let terminal = Terminal()
        let files = ScenarioFiles(files)
        guard files.missing.isEmpty else {
            for line in files.missing { terminal.complain(line) }
            return try ExitStatus.usage.leave()
        }
        let (scenarios, errors) = files.read()
        guard errors.isEmpty else {
            for error in errors { terminal.complain(error.description) }
            return try ExitStatus.badScenario.leave()
        }
        try runAll(tellings(of: scenarios, terminal), terminal)
    }

    private func runAll(_ tellings: [(Scenario, WorldKind)], _ terminal: Terminal) throws {
        if trace != nil, tellings.count != 1 || times != 1 {
            throw ValidationError("--trace is for one run: this would be \(tellings.count * times)")
        }
        guard !tellings.isEmpty else { return try ExitStatus.usage.leave() }
        Interruption.catchSignals()
        let runner = Runner(
            seed: seed, times: times, tracePath: trace, writesTranscripts: update, agentPath: AgentImage.path)
        let printer = RunPrinter(
            terminal: terminal, style: json ? .json : hash ? .hash : tell || tellings.count == 1 ? .story : .line)
        var status = ExitStatus.passed
        for (scenario, world) in tellings {
            terminal.progress("\(scenario.file) (\(world.rawValue)) …")
            let result = try runner.run(scenario, in: world)
            terminal.progress("")
            status = status.combined(with: result.status)
            printer.print(result)
            if Interruption.hasCome { return try ExitStatus.interrupted.leave() }
        }
        try status.leave()
    }

    /// Each story in each world that is asked for and that can tell it; who cannot is named.
    private func tellings(of scenarios: [Scenario], _ terminal: Terminal) -> [(Scenario, WorldKind)] {
        scenarios.flatMap { scenario -> [(Scenario, WorldKind)] in
            let wanted = WorldKind(rawValue: world.rawValue).map { [$0] } ?? WorldKind.allCases
            let worlds = wanted.filter(scenario.worlds.contains)
            if worlds.isEmpty { terminal.complain("\(scenario.file): not told in \(world.rawValue)") }
            return worlds.map { (scenario, $0) }
        }
    }
}
