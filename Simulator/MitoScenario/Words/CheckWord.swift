import MitoCore

/// `check: EXPECTATION`: it must hold at this moment.
public struct CheckWord: StoryWord {
    public var checks: [any Check]

    public static let word = "check"
    public var sentence: String { "check that \(checks.map(\.sentence).joined(separator: " and "))" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        stage.mark(Self.word, on: .master, as: name)
    }
}

extension CheckWord: ReadableWord {
    static let subject = Key(word, .expectation, "This must hold at this moment.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> CheckWord? {
        guard case .map(let entries) = subject.content, let entry = entries.first, entries.count == 1 else {
            return glossary.sheet.mismatch(subject, "check", "one expectation such as { routes: … }")
        }
        if [CleanCheck.key, OutcomeCheck.key].contains(entry.key) {
            glossary.sheet.note(entry.position, "'\(entry.key)' is about the whole run", hint: "put it under `expect`")
            return nil
        }
        return Expectation.read(subject, glossary).map { CheckWord(checks: $0.checks) }
    }
}
