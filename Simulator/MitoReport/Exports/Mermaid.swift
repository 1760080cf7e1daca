import MitoCore
import MitoTrace

/// A run as a Mermaid sequence diagram, for documents and reviews: one line per hop of what a person follows.
///
/// Traffic that only sets the tree up is left out, and so is what goes past `messagesMax`: readers draw no more.
public struct Mermaid: Sendable {
    /// The diagram, ready to stand in a `mermaid` block.
    public let text: String

    /// The most hops that a diagram shows, unless told otherwise.
    public static let messagesMax = 200

    public init(_ trace: Trace, messagesMax: Int = Mermaid.messagesMax) {
        let drawing = Drawing(trace)
        var lines = ["sequenceDiagram"]
        lines += trace.tree.contexts.map { "    participant c\($0) as \(Self.plain(trace.name($0)))" }
        var shown = 0
        var left = 0
        for position in 0..<trace.end {
            guard let line = drawing.line(at: position) else { continue }
            if shown == messagesMax {
                left += 1
            } else {
                shown += 1
                lines.append("    " + line)
            }
        }
        if left > 0 { lines.append("    Note over c0: and \(left) more") }
        text = lines.map { $0 + "\n" }.joined()
    }

    /// Text without what Mermaid would take for its own.
    fileprivate static func plain(_ text: String) -> String {
        let characters = text.prefix(textMax).map { character in
            character.isNewline ? " " : character == ";" || character == "#" ? "," : character
        }
        return String(characters) + (text.count > textMax ? "…" : "")
    }

    private static let textMax = 60
}

private struct Drawing {
    private let trace: Trace
    private let callsByPort: [PortName: Call]
    private let subjects: RouteSubjects

    init(_ trace: Trace) {
        self.trace = trace
        callsByPort = Dictionary(trace.calls.map { (PortName($0.caller, $0.handle), $0) }) { first, _ in first }
        subjects = RouteSubjects(trace.tree)
    }

    func line(at position: Int) -> String? {
        let record = trace.records[position]
        let event = record.event
        switch event.kind {
        case .frameOut: return hop(event, from: record.context)
        case .dropped: return note(record.context, "drops it: \(event.reason.word)")
        case .invocationStarted: return note(record.context, "runs \(event.text)")
        case .contextDown: return note(record.context, "ends")
        case .command where event.isOfTheWorld && event.text == "kill" && event.subject != .master:
            return trace.tree.member(event.subject)?.killed == position ? note(event.subject, "is killed") : nil
        default: return nil
        }
    }

    private func hop(_ event: Event, from here: ContextID) -> String? {
        guard let (arrow, label) = label(of: event) else { return nil }
        let far = event.upward ? trace.tree.parent(of: event.link) ?? .master : event.link
        let isLost = trace.passage(FrameName(event)).in == nil
        return "c\(here)\(isLost ? "-x" : arrow)c\(far): \(Mermaid.plain(label))"
    }

    private func label(of event: Event) -> (arrow: String, text: String)? {
        if event.handle == .callFunction {
            guard let call = callsByPort[PortName(event.source, event.replyTo)] else { return nil }
            return ("->>", "\(trace.name(call.callee)).\(call.function)")
        }
        if event.handle == .delRoute { return subjects[event].map { ("-)", "\(trace.name($0)) is gone") } }
        if event.handle == .shutdown { return ("-)", "end \(trace.name(event.destination))") }
        guard let call = callsByPort[PortName(event.destination, event.handle)] else { return nil }
        return ("-->>", event.replyTo == .dead ? "dead" : "answer to \(call.function)")
    }

    private func note(_ context: ContextID, _ text: String) -> String {
        "Note over c\(context): \(Mermaid.plain(text))"
    }
}
