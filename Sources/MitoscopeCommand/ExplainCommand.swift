import ArgumentParser
import MitoReport
import MitoScenario

/// `explain TRACE`: says from a trace alone why somebody waits.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says from a trace why somebody waits for ever.",
        discussion: """
              mitoscope run Scenarios/Hangs/planted/del-route-swallowed.yaml \\
                --trace run.trace
              mitoscope explain run.trace
            Ends with status 3 when the trace shows a hang, 0 when it does not.
            """)

    @Argument(help: "A trace, as `run --trace FILE` writes it.", completion: .file())
    var trace: String

    @Flag(help: "Print one JSON object.")
    var json = false

    private static let lossesMax = 5

    func run() throws {
        let terminal = Terminal()
        let records = try TraceInput.records(at: trace, terminal)
        guard let explanation = Telling.explanation(of: records) else {
            terminal.say(json ? "{\"verdict\":\"at-rest\"}" : "At rest: nobody waits for what cannot come.")
            if !json { for loss in Explainer(Trace(records)).losses.prefix(Self.lossesMax) { terminal.say(loss.text) } }
            return
        }
        terminal.say(json ? explanation.json : explanation.text)
        try ExitStatus.hang.leave()
    }
}
