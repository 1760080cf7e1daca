import ArgumentParser
import Foundation
import MitoScenario
import MitoTrace

/// `run FILES…`: tells scenarios and judges them.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs scenarios, tells what happened, and judges it.",
        discussion: """
            One scenario is told line by line; of many, each gets one line.
              mitoscope run Scenarios/Lessons/06-killed-target.yaml
              mitoscope run Scenarios/Lessons --world live
              mitoscope run Scenarios --world all
              mitoscope run story.yaml --seed 7 --trace run.trace

            One seed after another, to see what chance can do; the gravest is shown, with the seed that repeats it:
              mitoscope run Scenarios/Faults/07-chaos.yaml --seeds 1..1000

            The same with every link slow, or one of them bad:
              mitoscope run Scenarios/Lessons --link all:delay=250ms
              mitoscope run story.yaml --link web:delay=20ms..30ms,up.loss=1/100
              mitoscope run story.yaml --link web:burst.enter=1/500,burst.leave=1/4

            Keys and values are those of a link in a scenario, and a dot leads into its braces. \
            A link has the name of its lower end; it is changed in each story that has it, so `all` suits folders. \
            Links are like that until the story itself changes them.
            """)

    enum Worlds: String, ExpressibleByArgument, CaseIterable {
        case sim, live, lab, all
    }

    @Argument(help: "Scenario files, or folders with such.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "Where they run: in the simulator, with real processes, with these on hosts of their own, or in each world"
                + " that the scenario allows and this machine has."))
    var world = Worlds.sim

    @Option(help: "What all chance in the simulator is drawn from; by default as the scenario says.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("Run each with each of these seeds, in the simulator.", valueName: "first..last"),
        transform: SeedRange.init(reading:))
    var seeds: SeedRange?

    @Option(
        help: ArgumentHelp(
            "What links are like until the story itself changes them: `all:delay=250ms`. May be given again.",
            valueName: "link:key=value,…"),
        completion: .custom { words, _, _ in LinkCompletion.offers(for: words) })
    var link: [String] = []

    @Option(help: "How often to run each; in the simulator all runs must be the same, event for event.")
    var times = 1

    @Flag(help: "Print one JSON object for each run.")
    var json = false

    @Flag(help: "Of runs that pass, print only the hash; the same run has the same hash everywhere.")
    var hash = false

    @Flag(help: "Tell each scenario line by line, also when there are many.")
    var tell = false

    @Option(
        help: ArgumentHelp("Write every event of the one run to a file, for `mitoscope explain`.", valueName: "file"),
        completion: .file())
    var trace: String?

    @Option(
        help: ArgumentHelp(
            "In `lab`, record what crosses each link, in files of this folder.", valueName: "folder"),
        completion: .directory)
    var pcap: String?

    @Flag(help: "Write what is told into NAME.transcript beside each scenario, from its run in the simulator.")
    var update = false

    func validate() throws {
        if times < 1 { throw ValidationError("--times is at least 1") }
        if [json, hash, tell].count(where: \.self) > 1 {
            throw ValidationError("--json, --hash and --tell exclude each other")
        }
        if pcap != nil, world != .lab { throw ValidationError("--pcap records the links of a lab: add --world lab") }
        if seeds != nil, let clash = clashWithSeeds { throw ValidationError("--seeds is given: \(clash)") }
        if update, seed != nil || world == .live || world == .lab || !link.isEmpty {
            throw ValidationError("--update takes the simulator, the scenario's own seed and its own links")
        }
    }

    /// What does not go with many seeds, and what to do instead.
    private var clashWithSeeds: String? {
        if world != .sim {
            return "only the simulator has seeds; drop --world, and run with --world live without --seeds"
        }
        if seed != nil { return "drop --seed" }
        if times != 1 { return "each seed is run once; drop --times, or repeat one seed with --seed and --times" }
        if hash { return "each seed has another hash; drop --hash, or take one seed with --seed" }
        if update { return "a transcript is of the scenario's own seed; drop one of the two" }
        return nil
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
        do {
            let tellings = tellings(of: scenarios, terminal)
            guard !tellings.isEmpty else { return try ExitStatus.usage.leave() }
            let told = tellings.map(\.0)
            let changed = try told.with(try LinkChange.read(link, for: told))
            try runAll(Array(zip(changed, tellings.map(\.1))), terminal)
        } catch let mistakes as ScenarioErrors {
            terminal.complain(mistakes.description)
            try ExitStatus.usage.leave()
        } catch let failure as OutputFile.Failure {
            terminal.complain(failure.description)
            try ExitStatus.usage.leave()
        }
    }

    private func runAll(_ tellings: [(Scenario, WorldKind)], _ terminal: Terminal) throws {
        let runs = tellings.count * (seeds?.count ?? times)
        if trace != nil, runs != 1 {
            // The library would show how to use the whole program.
            terminal.complain("Error: --trace is for one run, and this would be \(runs): \(wayToOneRun(of: tellings))")
            terminal.complain("Usage: \(MitoscopeCommand.usageString(for: RunCommand.self))")
            return try ExitStatus.usage.leave()
        }
        Interruption.catchSignals()
        let runner = Runner(
            seed: seed, seeds: seeds, times: times, trace: try trace.map { try OutputFile($0) },
            writesTranscripts: update, agentPath: ShippedProgram.agent.path,
            captures: pcap.map { URL(filePath: $0).path })
        let printer = RunPrinter(
            terminal: terminal, links: link,
            style: json ? .json : hash ? .hash : tell || tellings.count == 1 ? .story : .line)
        var status = ExitStatus.passed
        var summary = RunSummary()
        var progress = Progress(of: runs, on: terminal)
        for (scenario, world) in tellings {
            let name = "\(scenario.file) (\(world.rawValue))"
            progress.show(name)
            let result = try runner.run(scenario, in: world) {
                progress.advance()
                progress.show(name)
            }
            progress.clear()
            status = status.combined(with: result.status)
            printer.print(result)
            summary.add(result, replay: printer.replayCommand(result))
            if Interruption.hasCome { status = .interrupted }
            if status == .interrupted { break }
        }
        if tellings.count > 1 { printer.print(summary) }
        try status.leave()
    }

    private func wayToOneRun(of tellings: [(Scenario, WorldKind)]) -> String {
        if seeds != nil { return "instead of --seeds, name one with --seed" }
        if times != 1 { return "drop --times" }
        if Set(tellings.map(\.0.file)).count > 1 { return "name one scenario" }
        return "run it in one world after another, with --world sim, live or lab, each with a trace of its own"
    }

    /// Each story in each world that is asked for and that can tell it; who cannot is named.
    private func tellings(of scenarios: [Scenario], _ terminal: Terminal) -> [(Scenario, WorldKind)] {
        let wanted = WorldKind(rawValue: world.rawValue).map { [$0] } ?? availableWorlds(for: scenarios, terminal)
        return scenarios.flatMap { scenario -> [(Scenario, WorldKind)] in
            let worlds = wanted.filter(scenario.worlds.contains)
            if worlds.isEmpty { terminal.complain(skipped(scenario)) }
            return worlds.map { (scenario, $0) }
        }
    }

    /// What `all` means here. A machine without labs is said to be one, once.
    private func availableWorlds(for scenarios: [Scenario], _ terminal: Terminal) -> [WorldKind] {
        guard scenarios.contains(where: { $0.worlds.contains(.lab) }), let why = LabCheck.whyNot else {
            return WorldKind.allCases
        }
        terminal.complain("the world `lab` is left out: \(why); `mitoscope doctor` says more")
        return WorldKind.allCases.filter { $0 != .lab }
    }

    private func skipped(_ scenario: Scenario) -> String {
        let worlds = scenario.worlds.map(\.rawValue).joined(separator: ", ")
        return "\(scenario.file): skipped, it runs in \(worlds) only"
    }
}
