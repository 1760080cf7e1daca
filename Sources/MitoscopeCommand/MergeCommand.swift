import ArgumentParser
import Foundation
import MitoReport
import MitoTrace

/// `merge FILES… -o TRACE`: joins the traces of one run in a causal order.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Joins the traces of one run, also from several hosts, in a causal order.",
        discussion: """
            Each context writes a file of its own where MITOSCOPE_TRACE ends in a slash; flight recordings can be \
            merged too. Frames and steps decide the order, clocks only where nothing else does. What is missing is said.
              MITOSCOPE_TRACE=traces/ ./program
              mitoscope merge traces --out run.trace
              mitoscope explain run.trace
            Every command that reads a trace takes a folder too, and merges what is in it.
            """)

    @Argument(help: "Traces, or folders of traces.", completion: .file())
    var files: [String]

    @Option(
        name: [.short, .long], help: ArgumentHelp("Write the merged trace there.", valueName: "file"),
        completion: .file())
    var out: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        let merged = TraceMerge(try TraceInput.sources(at: files, terminal))
        for note in merged.notes where !json { terminal.complain(note) }
        var writer = TraceWriter()
        writer.write(merged.header)
        for record in merged.records { writer.write(record) }
        if merged.hasEnd { writer.writeEnd() }
        do throws(OutputFile.Failure) {
            try OutputFile(out).write(writer.take())
        } catch {
            terminal.complain(error.description)
            try ExitStatus.usage.leave()
        }
        let contexts = Set(merged.records.map(\.context)).count
        let report = Report(out: out, records: merged.records.count, contexts: contexts, notes: merged.notes)
        if json { terminal.say(JSONLine(of: report).text) }
    }

    /// What was merged, for programs.
    private struct Report: Encodable {
        var out: String
        var records: Int
        var contexts: Int
        /// What is missing or torn.
        var notes: [String]
    }
}
