import MitoCore
import MitoTrace

/// A run as a Mermaid sequence diagram, for documents and reviews: one line per hop of what a person follows.
///
/// Traffic that only sets the tree up is left out, and so is what goes past `messagesMax`: readers draw no more. The
/// items of a stream, and the lines of a log, are one line.
public struct Mermaid: Sendable {
    /// The diagram, ready to stand in a `mermaid` block.
    public let text: String

    /// The most hops that a diagram shows, unless told otherwise.
    public static let messagesMax = 200

    public init(_ trace: Trace, scope: PictureScope = PictureScope(), messagesMax: Int = Mermaid.messagesMax) {
        let marks = trace.marks(in: scope)
        let restarts = Restarts(trace)
        let shown = marks.prefix(messagesMax)
        var lines = ["sequenceDiagram"]
        lines += trace.lanes(of: marks, in: scope).map { "    participant c\($0) as \(Self.plain(trace.name($0)))" }
        lines += shown.map { "    " + Self.line($0, restarts) }
        if marks.count > shown.count {
            let first = trace.lanes(of: marks, in: scope).first ?? .master
            lines.append("    Note over c\(first): and \(marks.count - shown.count) more")
        }
        text = lines.map { $0 + "\n" }.joined()
    }

    private static func line(_ mark: PictureMark, _ restarts: Restarts) -> String {
        let lane = { "c\(restarts.first(of: $0))" }
        return switch mark.shape {
        case .note(let context, let text): "Note over \(lane(context)): \(plain(text))"
        case .hop(let hop): "\(lane(hop.sender))\(arrow(hop))\(lane(hop.receiver)): \(plain(hop.label))"
        }
    }

    private static func arrow(_ hop: PictureMark.Hop) -> String {
        if hop.arrival == nil { return "-x" }
        return switch hop.sort {
        case .call, .item: "->>"
        case .answer, .failure: "-->>"
        case .news, .order, .log: "-)"
        }
    }

    /// Text without what Mermaid would take for its own.
    static func plain(_ text: String) -> String {
        let characters = text.prefix(textMax).map { character in
            character.isNewline ? " " : character == ";" || character == "#" ? "," : character
        }
        return String(characters) + (text.count > textMax ? "…" : "")
    }

    private static let textMax = 60
}

extension Trace {
    /// The contexts that a picture has a lane for, by id: all of them, or where the picture is about some, those that
    /// take part. Who was started again has one, with its first id.
    func lanes(of marks: [PictureMark], in scope: PictureScope) -> [ContextID] {
        let restarts = Restarts(self)
        guard !scope.contexts.isEmpty else { return tree.contexts.filter { !restarts.isSuccessor($0) } }
        var seen = scope.contexts
        for mark in marks {
            switch mark.shape {
            case .note(let context, _): seen.insert(context)
            case .hop(let hop): seen.formUnion([hop.sender, hop.receiver])
            }
        }
        let wanted = Set(seen.map(restarts.first))
        return tree.contexts.filter(wanted.contains)
    }
}
