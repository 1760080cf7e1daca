import ArgumentParser
import MitoScenario

/// `lint FILES…`: reads scenarios and tells every mistake.
struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Looks for mistakes in scenarios without running them.",
        discussion: """
            Every mistake is one line, `file:line:column: what: hint`, and the status is 65. Silent when there is none.
              mitoscope lint Scenarios
              mitoscope lint story.yaml --json
            """)

    @Argument(help: "Scenario files, or folders with such.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Flag(help: "Print one JSON object for each mistake.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        let files = ScenarioFiles(files)
        for line in files.missing { terminal.complain(line) }
        let errors = files.read().errors
        for error in errors { terminal.say(json ? JSONLine(of: Mistake(error)).text : error.description) }
        let status: ExitStatus = !errors.isEmpty ? .badScenario : files.missing.isEmpty ? .passed : .usage
        try status.leave()
    }

    /// One mistake for programs.
    private struct Mistake: Encodable {
        var file: String
        /// From 1, as the column, which counts characters.
        var line: Int
        var column: Int
        var what: String
        /// What would be right.
        var hint: String?

        init(_ error: ScenarioError) {
            (file, line, column) = (error.file, error.position.line, error.position.column)
            (what, hint) = (error.what, error.hint.isEmpty ? nil : error.hint)
        }
    }
}
