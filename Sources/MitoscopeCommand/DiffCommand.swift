import ArgumentParser
import MitoReport

/// `diff A B`: says where two runs part.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Says where two traces part, in what, and what led to it.",
        discussion: """
            Two runs of one seed must not differ at all; two seeds show what chance decides. What happens is compared \
            first, context by context, with times left aside; then the records as they are.
              mitoscope run story.yaml --seed 7 --trace a.trace
              mitoscope run story.yaml --seed 8 --trace b.trace
              mitoscope diff a.trace b.trace
            Ends with status 4 when the traces differ, 0 when they do not.
            """)

    @Argument(help: "A trace, as `run --trace FILE` writes it.", completion: .file())
    var left: String

    @Argument(help: "Another one.", completion: .file())
    var right: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        let diff = TraceDiff(
            Trace(try TraceInput.records(at: left, terminal)), Trace(try TraceInput.records(at: right, terminal)))
        terminal.say(json ? diff.json : diff.text)
        if !diff.isEqual { try ExitStatus.nondeterministic.leave() }
    }
}
