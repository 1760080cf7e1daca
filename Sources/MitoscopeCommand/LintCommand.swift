import ArgumentParser
import MitoScenario

/// `lint FILES…`: reads scenarios and tells every mistake.
struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Looks for mistakes in scenarios without running them.",
        discussion: """
            Every mistake is one line, `file:line:column: what: hint`, and the status is 65. Silent when there is none.
              mitoscope lint Scenarios
            """)

    @Argument(help: "Scenario files, or folders with such.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    func run() throws {
        let terminal = Terminal()
        let files = ScenarioFiles(files)
        for line in files.missing { terminal.complain(line) }
        let errors = files.read().errors
        for error in errors { terminal.say(error.description) }
        let status: ExitStatus = !errors.isEmpty ? .badScenario : files.missing.isEmpty ? .passed : .usage
        try status.leave()
    }
}
