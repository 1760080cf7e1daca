import MitoReport

/// `outcome: { hang: { waits: web, on: db, lost-at: bastion, because: … } }`: the run must end badly, in this way.
public struct OutcomeCheck: Check, Hashable {
    /// The context that waits, and for whom; nil = not said.
    public var waits: String?
    public var on: String?
    /// The context where the message or the notice was last seen.
    public var lostAt: String?
    public var because: String?

    public static let key = "outcome"

    public var sentence: String {
        var text = "the run hangs"
        if let waits { text += ", \(waits) waits" }
        if let on { text += " on \(on)" }
        if let lostAt { text += ", lost at \(lostAt)" }
        if let because { text += ", because \(because)" }
        return text
    }

    public func judge(_ scene: Scene) -> Judgement {
        guard let seen = scene.explanation else { return .fails("the run does not hang") }
        for (what, wanted, found) in [
            ("waits", waits, seen.waits), ("on", on, seen.on), ("lost-at", lostAt, seen.lostAt),
            ("because", because, seen.because.rawValue),
        ] {
            if let wanted, wanted != found { return .fails("\(what) is \(found.isEmpty ? "unknown" : found)") }
        }
        return .holds
    }
}

extension OutcomeCheck: TreeCheck {
    static let subject = Key(key, .object(keys, example: "{ hang: { waits: web } }"), "The run must end badly.")
    private static let keys = [
        Key("hang", .object(hangKeys, example: "{ waits: web, on: db }"), "It hangs.", isRequired: true)
    ]
    private static let hangKeys = [
        Key("waits", .context, "Who waits."),
        Key("on", .context, "For whom.", example: "db"),
        Key("lost-at", .context, "Where the message or the notice was last seen."),
        Key("because", .words(causes), "Why."),
    ]
    private static let causes = Explanation.Cause.allCases.map(\.rawValue)

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        let sheet = glossary.sheet
        guard let outer = Fields(item, of: "outcome", known: keys, sheet),
            let hang = outer.require("hang"),
            let fields = Fields(hang, of: "a hang", known: hangKeys, sheet)
        else { return [] }
        var check = OutcomeCheck()
        check.waits = fields["waits"].flatMap { glossary.context($0) }
        check.on = fields["on"].flatMap { glossary.context($0) }
        check.lostAt = fields["lost-at"].flatMap { glossary.context($0) }
        check.because = fields["because"].flatMap { sheet.word($0, "cause", of: causes) }
        return [check]
    }
}
