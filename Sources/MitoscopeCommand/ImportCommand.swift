import ArgumentParser
import Foundation
import MitoScenario
import MitoTrace

/// `import TRACE`: turns a recorded run into a scenario.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Turns a recorded run into a scenario that the simulator tells again.",
        discussion: """
            The tree, measured delays, calls, crashes and what was lost where are taken over. A trace has no arguments.
              mitoscope run story.yaml --world live --trace live.trace
              mitoscope import live.trace --out replay.yaml
              mitoscope run replay.yaml
            """)

    @Argument(help: "A trace, or a folder of traces of one run.", completion: .file())
    var trace: String

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the scenario there instead of printing it.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var out: String?

    @Flag(help: "Print one JSON object, with the scenario in it unless a file takes it.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        let (header, records, _) = try TraceInput.trace(at: trace, terminal)
        let title = header.title ?? "A run recorded in \(URL(filePath: trace).lastPathComponent)"
        let story = StoryImport(records, title: title)
        for note in story.notes where !json { terminal.complain("not taken over: \(note)") }
        guard isReadable(story, terminal) else { return try ExitStatus.badScenario.leave() }
        let report = Report(title: title, out: out, scenario: out == nil ? story.text : nil, notes: story.notes)
        guard let out else {
            if json { return terminal.say(JSONLine(of: report).text) }
            for line in story.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                terminal.say(String(line))
            }
            return
        }
        do throws(OutputFile.Failure) {
            try OutputFile(out).write(Array(story.text.utf8))
            if json { terminal.say(JSONLine(of: report).text) }
        } catch {
            terminal.complain(error.description)
            try ExitStatus.usage.leave()
        }
    }

    /// What was taken over, for programs.
    private struct Report: Encodable {
        var title: String
        var out: String?
        var scenario: String?
        /// What was not taken over.
        var notes: [String]
    }

    /// A trace in which nothing was called holds no story; whoever runs the file must not be the first to notice.
    private func isReadable(_ story: StoryImport, _ terminal: Terminal) -> Bool {
        if story.isEmpty {
            terminal.complain(
                "\(trace): there is no story in it: nothing was called, and nothing was done to a context")
            return false
        }
        do throws(ScenarioErrors) {
            _ = try Scenario(reading: Array(story.text.utf8), file: out ?? trace)
            return true
        } catch {
            for line in error.errors { terminal.complain(line.description) }
            return false
        }
    }
}
