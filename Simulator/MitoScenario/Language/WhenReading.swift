import MitoCore

extension When {
    /// The keys that any entry of a story may have besides its own.
    static let keys = ["at", "after", "plus"]

    /// At most one of `at` and `after`, and `plus`.
    static func read(_ fields: Fields, _ glossary: Glossary, namedBefore: [String]) -> When? {
        let sheet = fields.sheet
        let plus = fields["plus"].flatMap { sheet.duration($0, "plus") } ?? .zero
        if fields.has("at"), fields.has("after") {
            sheet.note(fields.position(of: "after"), "an entry has one time", hint: "either `at` or `after`")
            return nil
        }
        if let item = fields["at"] {
            return sheet.duration(item, "at").map { When(trigger: .at($0), plus: plus) }
        }
        guard let item = fields["after"] else { return When(trigger: .entryBefore, plus: plus) }
        guard let (name, phase) = readPhase(item, glossary) else { return nil }
        guard namedBefore.contains(name) else {
            sheet.note(item.position, "'\(name)' is not earlier in the story", hint: "an entry waits for one before it")
            return nil
        }
        return When(trigger: .after(name, phase), plus: plus)
    }

    /// `{ NAME: running | ended }`.
    static func readPhase(_ item: Item, _ glossary: Glossary) -> (String, Phase)? {
        let sheet = glossary.sheet
        guard case .map(let entries) = item.content, let entry = entries.first, entries.count == 1 else {
            sheet.note(item.position, "`after` has one name", hint: "for example `after: { report: running }`")
            return nil
        }
        let word = sheet.word(entry.value, "phase", of: Phase.allCases.map(\.rawValue))
        guard let name = glossary.name(entry.key, at: entry.position), let phase = word.flatMap(Phase.init) else {
            return nil
        }
        if phase == .running, case .call(hasReply: false)? = glossary.kind(of: name) {
            sheet.note(entry.value.position, "nobody can tell when a call without reply runs", hint: "use `ended`")
            return nil
        }
        return (name, phase)
    }
}
