/// A piece of a scenario as it is written on one line.
indirect enum FlowItem: Sendable {
    /// A word, a number or a duration, which need no quotes.
    case word(String)
    case text(String)
    case list([FlowItem])
    case map([(String, FlowItem)])

    var text: String {
        switch self {
        case .word(let word): word
        case .text(let text): Self.quoted(text)
        case .list(let items): items.isEmpty ? "[]" : "[ \(items.map(\.text).joined(separator: ", ")) ]"
        case .map(let entries):
            entries.isEmpty ? "{}" : "{ \(entries.map { "\($0.0): \($0.1.text)" }.joined(separator: ", ")) }"
        }
    }

    /// What was recorded may have any letters in it.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            }
        }
        return quoted + "\""
    }
}

/// The text of a scenario, line after line, in the way in which people write one.
struct ScenarioPage {
    private var lines: [String]

    init(title: String, notes: [String]) {
        lines = ["mitoscope: 1", "title: \(FlowItem.text(title).text)"]
        if !notes.isEmpty { lines.append("# Not taken over:") }
        // A line end in a name would end the comment.
        lines += notes.map { note in "#   " + note.map { $0.isNewline ? " " : String($0) }.joined() }
    }

    mutating func section(_ key: String) { lines += ["", "\(key):"] }

    mutating func entry(_ key: String, _ value: FlowItem) { lines.append("  \(key): \(value.text)") }

    mutating func item(_ value: FlowItem) { lines.append("  - \(value.text)") }

    mutating func line(_ key: String, _ value: FlowItem) { lines += ["", "\(key): \(value.text)"] }

    var text: String { lines.joined(separator: "\n") + "\n" }
}
