import ArgumentParser
import MitoCore
import MitoReport
import MitoScenario
import MitoTrace
import Mitoscope

/// `trace FILE --to FORM`: writes a trace in a form that other programs show.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Draws a trace, or a part of it.",
        discussion: """
            `svg` is a picture with a lane for each context and time going down; browsers show it. \
            `mermaid` is a sequence diagram for documents. What comes before and after the story is left out.
              mitoscope run Scenarios/Lessons/06-killed-target.yaml --trace run.trace
              mitoscope trace run.trace --to svg --out run.svg
              mitoscope trace run.trace --to mermaid

            A part of it, by time, by what it is, and by who takes part:
              mitoscope trace run.trace --to svg --from 10ms --until 2s
              mitoscope trace run.trace --to svg --only calls,faults
              mitoscope trace run.trace --to mermaid --context web --context db
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case mermaid, svg
    }

    @Argument(help: "A trace, as `run --trace FILE` writes it.", completion: .file())
    var trace: String

    @Option(help: ArgumentHelp("The form to write it in.", valueName: "form"))
    var to: Form

    @Option(help: ArgumentHelp("Begin at this time of the story.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Stop before this time of the story.", valueName: "time"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Only these, separated by commas: \(PictureScope.Kind.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "kinds"))
    var only: String?

    @Option(help: ArgumentHelp("Only what this context takes part in. May be given again.", valueName: "name"))
    var context: [String] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write it there instead of printing it.", valueName: "file"), completion: .file())
    var out: String?

    func validate() throws { _ = try scope() }

    func run() throws {
        let terminal = Terminal()
        let (header, records, _) = try TraceInput.trace(at: trace, terminal)
        let story = Trace(Telling.story(in: records))
        var scope = try scope()
        for name in context {
            guard let id = story.tree.context(named: name) else {
                let known = story.tree.contexts.map(story.tree.name).joined(separator: ", ")
                terminal.complain("\(trace): no context '\(name)' in it: there are \(known)")
                return try ExitStatus.usage.leave()
            }
            scope.contexts.insert(id)
        }
        let text =
            switch to {
            case .mermaid: Mermaid(story, scope: scope).text
            case .svg: SpaceTime(story, scope: scope, title: header.title ?? trace).svg
            }
        guard let out else { return terminal.say(String(text.dropLast())) }
        do throws(OutputFile.Failure) {
            try OutputFile(out).write(Array(text.utf8))
        } catch {
            terminal.complain(error.description)
            try ExitStatus.usage.leave()
        }
    }

    /// What the options say, contexts aside.
    private func scope() throws -> PictureScope {
        var scope = PictureScope()
        scope.from = try from.map { try Self.moment($0, "--from") }
        scope.until = try until.map { try Self.moment($0, "--until") }
        if let only {
            let kinds = try only.split(separator: ",").map { word in
                guard let kind = PictureScope.Kind(rawValue: String(word)) else {
                    let known = PictureScope.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--only knows no '\(word)': there are \(known)")
                }
                return kind
            }
            scope.kinds = Set(kinds)
        }
        return scope
    }

    private static func moment(_ text: String, _ option: String) throws -> Instant {
        guard let time = Duration(text) else {
            throw ValidationError("\(option) is a time such as 10ms, 35.205ms or 1m30s, not '\(text)'")
        }
        return .start + time
    }
}
