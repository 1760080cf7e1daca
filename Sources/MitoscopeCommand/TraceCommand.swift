import ArgumentParser
import MitoReport
import MitoScenario

/// `trace FILE --to FORMAT`: writes a trace in a form that other programs show.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Writes a trace in a form that other programs show.",
        discussion: """
            What comes before and after the story is left out. `mermaid` is a sequence diagram for documents.
              mitoscope run Scenarios/Lessons/06-killed-target.yaml --trace run.trace
              mitoscope trace run.trace --to mermaid
              mitoscope trace run.trace --to mermaid --out run.mmd
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid
    }

    @Argument(help: "A trace, as `run --trace FILE` writes it.", completion: .file())
    var trace: String

    @Option(help: ArgumentHelp("The form to write it in.", valueName: "form"))
    var to: Format

    @Option(
        help: ArgumentHelp("Write it there instead of printing it.", valueName: "file"), completion: .file())
    var out: String?

    func run() throws {
        let terminal = Terminal()
        let story = Trace(Telling.story(in: try TraceInput.records(at: trace, terminal)))
        let text =
            switch to {
            case .mermaid: Mermaid(story).text
            }
        guard let out else {
            for line in text.split(separator: "\n") { terminal.say(String(line)) }
            return
        }
        do throws(OutputFile.Failure) {
            try OutputFile(out).write(Array(text.utf8))
        } catch {
            terminal.complain(error.description)
            try ExitStatus.usage.leave()
        }
    }
}
