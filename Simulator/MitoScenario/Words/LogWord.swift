import MitoCore

/// `log: CONTEXT`: the context writes a line to its log, which goes to the root.
public struct LogWord: StoryWord, Hashable {
    public var context: String
    public var text: String
    public var level: Level

    /// How much a line matters. A context forwards `info` and above.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        case debug, info, warning, error, critical

        /// Python's number.
        public var number: Int { 10 * (1 + (Level.allCases.firstIndex(of: self) ?? 0)) }
    }

    public static let word = "log"
    public var sentence: String { "\(context) logs '\(text)'" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot log")
        stage.mark(Self.word, on: id, as: name)
        let record = LogRecord(logger: "story", level: level.number, message: text)
        try stage.command(.log(record), in: id, or: "\(context) has ended or is frozen, so it cannot log")
    }
}

extension LogWord: ReadableWord {
    static let subject = Key(word, .context, "The context writes a line to its log, which goes to the root.")
    static let options = [
        Key("text", .text, "The line.", isRequired: true, example: "half done"),
        Key("level", .words(Level.allCases.map(\.rawValue)), "How much it matters; info unless it is said."),
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> LogWord? {
        let sheet = fields.sheet
        let level = fields["level"].map { sheet.word($0, "level", of: Level.allCases.map(\.rawValue)) } ?? "info"
        guard let context = glossary.context(subject),
            let text = fields.require("text").flatMap({ sheet.text($0, "text") }),
            let level = level.flatMap(Level.init)
        else { return nil }
        return LogWord(context: context, text: text, level: level)
    }
}
