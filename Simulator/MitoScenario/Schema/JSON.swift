/// A JSON text being made, its keys in the order in which they were given.
indirect enum JSON: Hashable, Sendable {
    case object([Pair])
    case array([JSON])
    case text(String)
    case number(Int64)
    case bool(Bool)

    struct Pair: Hashable, Sendable {
        var key: String
        var value: JSON
    }

    /// As people read it: one entry on a line, two spaces a level; what has no structure inside stays on one line.
    var text: String { lines(indent: "") + "\n" }

    private func lines(indent: String) -> String {
        if isFlat { return line }
        let inner = indent + "  "
        switch self {
        case .object(let pairs):
            let entries = pairs.map { "\(inner)\(Self.quoted($0.key)): \($0.value.lines(indent: inner))" }
            return "{\n\(entries.joined(separator: ",\n"))\n\(indent)}"
        case .array(let items):
            let entries = items.map { inner + $0.lines(indent: inner) }
            return "[\n\(entries.joined(separator: ",\n"))\n\(indent)]"
        case .text, .number, .bool: return line
        }
    }

    private var isFlat: Bool {
        switch self {
        case .object(let pairs): pairs.count <= 2 && pairs.allSatisfy { $0.value.isPlain }
        case .array(let items): items.allSatisfy(\.isPlain)
        case .text, .number, .bool: true
        }
    }

    private var isPlain: Bool {
        switch self {
        case .text, .number, .bool: true
        case .array(let items): items.allSatisfy(\.isPlain) && items.count <= 4
        case .object(let pairs): pairs.isEmpty
        }
    }

    private var line: String {
        switch self {
        case .object(let pairs):
            pairs.isEmpty
                ? "{}" : "{ \(pairs.map { "\(Self.quoted($0.key)): \($0.value.line)" }.joined(separator: ", ")) }"
        case .array(let items): "[\(items.map(\.line).joined(separator: ", "))]"
        case .text(let text): Self.quoted(text)
        case .number(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        }
    }

    private static func quoted(_ text: String) -> String {
        var line = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": line += "\\\(scalar)"
            case "\n": line += "\\n"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line + "\""
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(dictionaryLiteral pairs: (String, JSON)...) { self = .object(pairs.map { Pair(key: $0, value: $1) }) }
    init(arrayLiteral items: JSON...) { self = .array(items) }
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int64) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .bool(flag) }
}
