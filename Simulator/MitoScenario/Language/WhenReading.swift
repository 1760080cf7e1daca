import MitoCore

extension When {
    /// The keys that any entry of a story may have besides its own.
    static let keys = ["at", "after", "on", "every", "until", "plus"]
    private static let triggers = ["at", "after", "on", "every"]

    /// At most one trigger, and `plus`.
    static func read(_ fields: Fields, _ glossary: Glossary, namedBefore: [String]) -> When? {
        let sheet = fields.sheet
        let plus = fields["plus"].flatMap { sheet.duration($0, "plus") } ?? .zero
        let given = triggers.filter(fields.has)
        if given.count > 1 {
            sheet.note(fields.position(of: given[1]), "an entry has one time", hint: "either `at` or `after`")
            return nil
        }
        if fields.has("until"), !fields.has("every") {
            sheet.note(fields.position(of: "until"), "nothing is repeated", hint: "`every` says how often")
        }
        if let item = fields["on"] {
            return MessagePattern.read(message: item, glossary).map { When(trigger: .on($0), plus: plus) }
        }
        if fields.has("every") { return readEvery(fields, plus: plus) }
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

    /// `every: 1s, until: 10s`.
    private static func readEvery(_ fields: Fields, plus: Duration) -> When? {
        let sheet = fields.sheet
        if fields.has("as") {
            sheet.note(fields.position(of: "as"), "what is done again and again has no name", hint: "leave out `as`")
            return nil
        }
        guard let item = fields["every"], let interval = sheet.duration(item, "every"),
            let until = fields.require("until", example: "10s").flatMap({ sheet.duration($0, "until") })
        else { return nil }
        guard interval > .zero, until.nanoseconds / interval.nanoseconds <= repetitionsMax else {
            sheet.note(item.position, "too often", hint: "at most \(repetitionsMax) times")
            return nil
        }
        return When(trigger: .every(interval, until: until), plus: plus)
    }

    private static let repetitionsMax: Int64 = 1_000_000

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
        if phase == .running, case .call(_, hasReply: false)? = glossary.kind(of: name) {
            sheet.note(entry.value.position, "nobody can tell when a call without reply runs", hint: "use `ended`")
            return nil
        }
        return (name, phase)
    }
}
