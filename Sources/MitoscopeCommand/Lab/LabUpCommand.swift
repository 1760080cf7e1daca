import ArgumentParser
import Foundation
import MitoLab
import MitoScenario

/// `lab up FILE`: makes the hosts of a scenario, and leaves them running.
struct LabUpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Makes a host of each context of a scenario, and leaves them running.",
        discussion: """
            Nothing runs on the hosts but what `mitoscope lab exec` starts there. The lab goes on until \
            `mitoscope lab down`.
              mitoscope lab up Scenarios/Lessons/06-killed-target.yaml
              mitoscope lab up story.yaml --name slow --link all:delay=250ms
              mitoscope lab up story.yaml --mesh --pcap packets
            """)

    @Argument(help: "The scenario file whose contexts become hosts.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @OptionGroup var lab: LabChoice

    @Flag(help: "Join all pairs of hosts directly, instead of along the tree.")
    var mesh = false

    @Option(
        help: ArgumentHelp("Record what crosses each link, in files of this folder.", valueName: "folder"),
        completion: .directory)
    var pcap: String?

    @Option(
        help: ArgumentHelp(
            "What links are like: `all:delay=250ms`. May be given again.", valueName: "link:key=value,…"),
        completion: .custom { words, _, _ in LinkCompletion.offers(for: words) })
    var link: [String] = []

    func run() throws {
        let terminal = Terminal()
        let files = ScenarioFiles([file])
        guard files.missing.isEmpty, files.paths.count == 1 else {
            for line in files.missing { terminal.complain(line) }
            if files.missing.isEmpty { terminal.complain("\(file): one scenario becomes a lab, and these are more") }
            return try ExitStatus.usage.leave()
        }
        let (scenarios, errors) = files.read()
        guard let scenario = scenarios.first else {
            for error in errors { terminal.complain(error.description) }
            return try ExitStatus.badScenario.leave()
        }
        let changed: Scenario
        do throws(ScenarioErrors) {
            changed = try scenario.with(try LinkChange.read(link, for: [scenario]))
        } catch {
            terminal.complain(error.description)
            return try ExitStatus.usage.leave()
        }
        try start(LabPlan(of: changed, seed: scenario.seed, topology: mesh ? .mesh : .tree), terminal)
    }

    private func start(_ plan: LabPlan, _ terminal: Terminal) throws {
        var settings = Lab.Settings()
        settings.name = lab.name
        settings.isLeftRunning = true
        settings.captures = pcap.map { URL(filePath: $0).path }
        try withLab { () throws(LabFailure) in
            let running = try Lab.start(plan, .shipped, settings)
            try running.letGo()
        }
        let name = lab.name == LabName.usual ? "" : " --name \(lab.name)"
        let some = plan.hosts.last?.name ?? "master"
        terminal.say("the lab '\(lab.name)' is up: \(plan.hosts.map(\.name).joined(separator: ", "))")
        terminal.say("  mitoscope lab exec\(name) \(some) -- ip address")
        terminal.say("  mitoscope lab shell\(name) \(some)")
        terminal.say("  mitoscope lab status\(name) --watch")
        terminal.say("  mitoscope lab down\(name)")
    }
}
