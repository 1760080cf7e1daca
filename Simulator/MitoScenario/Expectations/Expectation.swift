/// One line under `expect`: what must be true, and when.
public struct Expectation: Sendable {
    public var checks: [any Check]
    public var moment: Moment
    public var position: SourcePosition

    /// The point of the run that an expectation looks at.
    public enum Moment: Hashable, Sendable {
        /// The story is told and everything has come to rest; nothing was shut down yet.
        case end
        /// Something named has come so far, and a while has passed since.
        case after(When)
        /// The line of the story with this name is told. What comes later does not count, not even a call's end.
        case line(String)
    }
}

/// One thing that must be true. It is decided from the trace alone, by the same code in every world. One file for each.
public protocol Check: Sendable {
    /// How the language writes it.
    static var key: String { get }
    /// What is expected, for a person: `report fails with ChannelError`.
    var sentence: String { get }
    /// Decides it, looking at no more than `scene.records`, unless it is about a call, whose end may come later.
    func judge(_ scene: Scene) -> Judgement
}

/// How an expectation turned out.
public enum Judgement: Hashable, Sendable {
    case holds
    /// What was seen instead.
    case fails(String)
    /// Everything but the time is right. Under virtual time that is a failure; on a real clock nobody can tell.
    case late(String)
}

/// A check about a call, or about something else that has a name.
protocol CallCheck: Check {
    /// The key, with what may stand behind it.
    static var subject: Key { get }
    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> Self?
    /// Can it be said of such a thing?
    static func fits(_ kind: Glossary.Kind) -> Bool
}

extension CallCheck {
    static func fits(_ kind: Glossary.Kind) -> Bool {
        if case .call = kind { true } else { false }
    }
}

/// A check about the tree at a moment, or about the whole run.
protocol TreeCheck: Check {
    /// The key, with what may stand behind it.
    static var subject: Key { get }
    static func read(_ item: Item, _ glossary: Glossary) -> [any Check]
}

let callChecks: [any CallCheck.Type] = [
    ReturnsCheck.self, FailsCheck.self, SayingCheck.self, BeforeCheck.self, WithinCheck.self, TookCheck.self,
    PathCheck.self, ItemsCheck.self, GivesCheck.self,
]

let treeChecks: [any TreeCheck.Type] = [
    RoutesCheck.self, ContextsCheck.self, CleanCheck.self, OrderCheck.self, MessagesCheck.self, LogsCheck.self,
    OutcomeCheck.self,
]

extension Expectation {
    /// `{ NAME: { fails: … } }` or `{ routes: …, at: end }`.
    static func read(_ item: Item, _ glossary: Glossary) -> Expectation? {
        let sheet = glossary.sheet
        guard case .map(let entries) = item.content, let first = entries.first else {
            return sheet.mismatch(item, "an expectation", "a mapping such as { clean: all }")
        }
        let keys = [Key(first.key, .value, "")] + momentKeys
        let fields = Fields(entries, at: item.position, of: "an expectation", known: keys, sheet)
        let moment = readMoment(fields, glossary)
        if let type = treeChecks.first(where: { $0.key == first.key }) {
            let checks = type.read(first.value, glossary)
            return moment.map { Expectation(checks: checks, moment: $0, position: first.position) }
        }
        guard glossary.names.contains(first.key) else {
            let known = treeChecks.map { $0.key } + glossary.names
            sheet.noteUnknown("expectation or name", first.key, at: first.position, known: known)
            return nil
        }
        guard let kind = glossary.kind(of: first.key), let checks = readCallChecks(first, of: kind, glossary),
            let moment
        else { return nil }
        return Expectation(checks: checks, moment: moment, position: first.position)
    }

    static let momentKeys = [
        Key("at", .words(["end"]), "When the story is told and all has come to rest."),
        When.after, When.plus,
    ]

    private static func readMoment(_ fields: Fields, _ glossary: Glossary) -> Moment? {
        if let item = fields["at"] {
            guard fields.sheet.word(item, "moment", of: ["end"]) != nil else { return nil }
            if !fields.has("after"), !fields.has("plus") { return .end }
        }
        guard fields.has("after") else {
            if fields.has("plus") { fields.sheet.note(fields.position(of: "plus"), "`plus` needs an `after`") }
            return .end
        }
        return When.read(fields, glossary, namedBefore: glossary.names).map(Moment.after)
    }

    /// What `check` in a story says; nil for any other line.
    init?(checkedBy entry: StoryEntry) {
        guard let word = entry.word as? CheckWord else { return nil }
        self.init(checks: word.checks, moment: .line(entry.name), position: entry.position)
    }

    private static func readCallChecks(
        _ entry: Item.Entry, of kind: Glossary.Kind, _ glossary: Glossary
    ) -> [any Check]? {
        let types = callChecks.filter { $0.fits(kind) }
        let known = types.map { $0.subject }
        let what = "an expectation about \(kind.noun)"
        guard let fields = Fields(entry.value, of: what, known: known, glossary.sheet) else { return nil }
        if known.allSatisfy({ !fields.has($0.name) }), glossary.sheet.isEmpty {
            glossary.sheet.note(
                entry.position, "nothing is expected of '\(entry.key)'", hint: suggestion(for: "", among: known.names))
        }
        return types.compactMap { type in
            fields[type.key].flatMap { type.read($0, about: entry.key, glossary) as (any Check)? }
        }
    }
}
