import Mitoscope

/// Everything that is wrong with one scenario file, in the order of the file.
public struct ScenarioErrors: Error, Hashable, Sendable, CustomStringConvertible {
    public var errors: [ScenarioError]

    /// One line for each error.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// One mistake in a scenario file: where, what, and what was probably meant.
public struct ScenarioError: Hashable, Sendable, CustomStringConvertible {
    /// The file as the user named it, or the option.
    public var file: String
    public var position: SourcePosition
    public var what: String
    /// What would be right; empty when nothing is near.
    public var hint: String

    /// `file:line:column: what: hint`, which editors and terminals turn into a link.
    public var description: String {
        let line = position.line == 0 ? "" : "\(position.line):"
        let place = "\(file):\(line)\(position.column): \(what)"
        return hint.isEmpty ? place : "\(place): \(hint)"
    }
}

/// A place in a text: line and column, both from 1; columns count Unicode scalars. A word of a command has no lines: 0.
public struct SourcePosition: Hashable, Comparable, Sendable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (a: SourcePosition, b: SourcePosition) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}

/// Collects the mistakes of one file while it is read, so that the user sees all of them at once.
final class ErrorSheet {
    let file: String
    /// What stands between a key and its value.
    let sign: String
    private var errors: [ScenarioError] = []

    init(file: String, sign: String = ": ") {
        self.file = file
        self.sign = sign
    }

    func note(_ position: SourcePosition, _ what: String, hint: String = "") {
        guard errors.count < Self.errorsMax else { return }
        errors.append(ScenarioError(file: file, position: position, what: what, hint: hint))
    }

    /// Notes a word that is none of `known`, with the nearest one.
    func noteUnknown(
        _ kind: String, _ word: String, at position: SourcePosition, known: [String], shownMax: Int = 12
    ) {
        note(position, "unknown \(kind) '\(shown(word))'", hint: suggestion(for: word, among: known, shownMax))
    }

    func throwIfAny() throws(ScenarioErrors) {
        guard !errors.isEmpty else { return }
        let sorted = errors.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
        throw ScenarioErrors(errors: sorted.map(\.element))
    }

    var isEmpty: Bool { errors.isEmpty }
    var count: Int { errors.count }

    /// A hostile file may hold a mistake in every byte.
    private static let errorsMax = 100
}

/// What was probably meant: `did you mean 'timeout'?`, or the whole list when it is short and nothing is near.
func suggestion(for word: String, among known: [String], _ shownMax: Int = 12) -> String {
    if let near = similarName(to: word, in: known) { return "did you mean '\(near)'?" }
    guard !known.isEmpty, known.count <= shownMax else { return "" }
    return "known: \(known.joined(separator: ", "))"
}

/// A word of the file as an error message may show it: short, and on one line.
func shown(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(61) {
        if line.unicodeScalars.count == 60 { return line + "…" }
        line.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return line
}
