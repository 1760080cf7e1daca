public import MitoTrace
import MitoCore
import MitoReport

/// A recorded run turned into a scenario, so that the simulator can tell it again, with any seed.
///
/// The tree, the delays of its links, the calls with their time-outs, what their functions waited for, and what was
/// done to contexts are taken from the trace, and so is where a message was last seen in a context that did nothing
/// with it. A trace holds no arguments: functions are replaced by scripts that behave as those did.
///
/// ```swift
/// let story = StoryImport(try TraceReader.readAll(bytes).records, title: "Imported from run.trace")
/// try story.text.write(toFile: "story.yaml", atomically: true, encoding: .utf8)
/// ```
public struct StoryImport: Sendable {
    /// The scenario, as a file has it.
    public let text: String
    /// What could not be taken over, one sentence each; they stand in the file too.
    public let notes: [String]
    /// Was nothing called or done in the trace? Then the text is no scenario.
    public let isEmpty: Bool

    /// - Parameters:
    ///   - records: a whole run, told by a scenario or made by a program of its own.
    ///   - title: the scenario's title.
    public init(_ records: [TraceRecord], title: String) {
        let recording = Recording(records)
        var names = ImportedNames(recording)
        var functions = ImportedFunctions(recording, names)
        let entries = ImportedEntries(recording, &names, &functions)
        let losses = SwallowedMessages(recording, names)
        notes = names.notes + functions.notes + entries.notes + losses.notes

        isEmpty = entries.lines.isEmpty
        var page = ScenarioPage(title: title, notes: notes)
        if !names.declared.isEmpty { page.section("contexts") }
        for context in names.declared {
            page.entry(names[context], names.fields(of: context, recording, functions))
        }
        if !losses.defects.isEmpty { page.line("defect", .map(losses.defects)) }
        page.section("story")
        for entry in entries.lines { page.item(entry) }
        page.section("expect")
        for expectation in ImportedExpectations(recording, names, entries).items { page.item(expectation) }
        text = page.text
    }
}

/// What must come of the story: how the recorded run hung, or which of its calls failed.
private struct ImportedExpectations {
    private(set) var items: [FlowItem] = []

    init(_ recording: Recording, _ names: ImportedNames, _ entries: ImportedEntries) {
        let trace = recording.trace
        let explanation = Explainer(trace).explanation
        for (call, name) in entries.calls {
            guard let ended = trace.seen(call.ended), let kind = trace.records[ended].event.failureKind else {
                continue
            }
            // A time-out that is expected is no stall: where the run stalled, it is the stall that must come again.
            if kind == .timeout, explanation?.verdict == .stalled { continue }
            items.append(.map([(name, .map([("fails", .word(kind.rawValue))]))]))
        }
        if let explanation { items.append(Self.outcome(explanation, trace, names)) }
        if items.isEmpty { items.append(.map([("clean", .word("all"))])) }
    }

    private static func outcome(_ explanation: Explanation, _ trace: Trace, _ names: ImportedNames) -> FlowItem {
        func name(_ context: String) -> FlowItem? { trace.tree.context(named: context).map { .word(names[$0]) } }
        let parts: [(String, FlowItem?)] = [
            ("waits", name(explanation.waits)), ("on", name(explanation.on)), ("lost-at", name(explanation.lostAt)),
            ("because", .word(explanation.because.rawValue)),
        ]
        let hang = FlowItem.map(parts.compactMap { part in part.1.map { (part.0, $0) } })
        return .map([("outcome", .map([("hang", hang)]))])
    }
}
