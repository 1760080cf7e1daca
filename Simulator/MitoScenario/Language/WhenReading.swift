import MitoCore

extension When {
    /// The keys that any entry of a story may have besides its own.
    static let keys = [
        Key("at", .duration, "How long after the story began."), after,
        Key("on", .message, "When such a message is sent."),
        Key("every", .duration, "Again and again, so much later each time.", example: "1s"),
        Key("until", .duration, "When that ends.", example: "10s"), plus,
    ]
    static let after = Key(
        "after", .any([.names(.words(Phase.allCases.map(\.rawValue))), .named, .list(.named)]),
        "When what has this name has ended, or come so far; of several, the last.", example: "{ report: running }")
    static let plus = Key("plus", .duration, "So much later still.", example: "10ms")
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
        return readAwaited(item, glossary, namedBefore).map { When(trigger: .after($0), plus: plus) }
    }

    /// `every: 1s, until: 10s`.
    private static func readEvery(_ fields: Fields, plus: Duration) -> When? {
        let sheet = fields.sheet
        if fields.has("as") {
            sheet.note(fields.position(of: "as"), "what is done again and again has no name", hint: "leave out `as`")
            return nil
        }
        guard let item = fields["every"], let interval = sheet.duration(item, "every"),
            let until = fields.require("until").flatMap({ sheet.duration($0, "until") })
        else { return nil }
        guard interval > .zero, until.nanoseconds / interval.nanoseconds <= repetitionsMax else {
            sheet.note(item.position, "too often", hint: "at most \(repetitionsMax) times")
            return nil
        }
        return When(trigger: .every(interval, until: until), plus: plus)
    }

    private static let repetitionsMax: Int64 = 1_000_000

    /// `NAME`, `[NAME, …]` or `{ NAME: running | ended, … }`.
    private static func readAwaited(_ item: Item, _ glossary: Glossary, _ namedBefore: [String]) -> [Awaited]? {
        let sheet = glossary.sheet
        let awaited: [Awaited?]
        switch item.content {
        case .text: awaited = [readAwaited(glossary.name(item), .ended, at: item.position, glossary, namedBefore)]
        case .list(let items):
            awaited = items.map { readAwaited(glossary.name($0), .ended, at: $0.position, glossary, namedBefore) }
        case .map(let entries):
            awaited = entries.map { entry in
                let word = sheet.word(entry.value, "phase", of: Phase.allCases.map(\.rawValue))
                let name = glossary.name(entry.key, at: entry.position)
                guard let phase = word.flatMap(Phase.init) else { return nil }
                return readAwaited(name, phase, at: entry.position, glossary, namedBefore)
            }
        }
        if awaited.isEmpty { return sheet.mismatch(item, "after", "a name, or several") }
        return awaited.contains(nil) ? nil : awaited.compactMap(\.self)
    }

    private static func readAwaited(
        _ name: String?, _ phase: Phase, at position: SourcePosition, _ glossary: Glossary, _ namedBefore: [String]
    ) -> Awaited? {
        guard let name else { return nil }
        if phase == .running, case .call(_, hasReply: false)? = glossary.kind(of: name) {
            glossary.sheet.note(position, "nobody can tell when a call without reply runs", hint: "use `ended`")
            return nil
        }
        guard namedBefore.contains(name) else {
            glossary.sheet.note(
                position, "'\(name)' is not earlier in the story", hint: "an entry waits for one before it")
            return nil
        }
        return Awaited(name: name, phase: phase)
    }
}
