import ArgumentParser
import MitoScenario

/// `schema`: the language of scenarios for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Writes the JSON Schema of scenarios, by which editors complete them.",
        discussion: """
            With --out it also says the first line that a scenario needs, so that an editor finds the schema:
              mitoscope schema --out mitoscope.schema.json
            """)

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the schema there instead of printing it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var out: String?

    func run() throws {
        let terminal = Terminal()
        guard let out else {
            for line in ScenarioSchema.text.split(separator: "\n") { terminal.say(String(line)) }
            return
        }
        do throws(OutputFile.Failure) {
            try OutputFile(out).write(Array(ScenarioSchema.text.utf8))
            terminal.say(ScenarioSchema.line(for: out))
        } catch {
            terminal.complain(error.description)
            try ExitStatus.usage.leave()
        }
    }
}
