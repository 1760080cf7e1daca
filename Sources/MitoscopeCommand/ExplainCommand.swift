import ArgumentParser
import MitoReport
import MitoScenario
import MitoTrace

/// `explain TRACE`: says from a trace alone why somebody waits, or what else is the matter.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says from a trace why somebody waits for ever.",
        discussion: """
              mitoscope run Scenarios/Hangs/planted/del-route-swallowed.yaml \\
                --trace run.trace
              mitoscope explain run.trace
              mitoscope explain run.trace --to mermaid
            Any trace will do: of a simulation, of real processes, a folder of traces or of flight recordings. Of \
            processes that may have gone on since, it says so.
            Ends with status 3 when the trace shows a hang, 2 when its end is missing, 1 when something is left \
            behind that nobody waits for, 0 when all is well.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, mermaid
    }

    @Argument(help: "A trace, as `run --trace FILE` writes it, or a folder of them.", completion: .file())
    var trace: String

    @Option(help: "text, json, or mermaid: a picture of who waits on whom, and of where it was lost.")
    var to = Format.text

    @Flag(help: "Print one JSON object; the same as --to json.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        let (header, records, isCut) = try TraceInput.trace(at: trace, terminal)
        let reach = Telling.reach(of: records, header, isCut: isCut)
        let outlook = Outlook(Telling.untilItsEnd(records), reach: reach)
        switch json ? .json : to {
        case .text:
            for line in outlook.text.split(separator: "\n", omittingEmptySubsequences: false) {
                terminal.tell(String(line))
            }
        case .json: terminal.say(outlook.json)
        case .mermaid: terminal.say(outlook.mermaid)
        }
        if reach == .cut { return try ExitStatus.inconclusive.leave() }
        guard let verdict = outlook.explanation?.verdict else { return }
        try (verdict.isHang ? ExitStatus.hang : .failed).leave()
    }
}
