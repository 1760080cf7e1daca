public import MitoReport

/// `outcome: { hang: { waits: web, on: db, lost-at: bastion, because: … } }`: the run must end badly, in this way. A
/// `leak` is no hang: nobody waits, but something is left behind.
public struct OutcomeCheck: Check, Hashable {
    public enum Kind: String, Hashable, Sendable, CaseIterable { case hang, leak }

    public var kind = Kind.hang
    /// Which kind of hang; nil = not said.
    public var verdict: Quiescence.Verdict?
    /// The context that waits, and for whom; nil = not said.
    public var waits: String?
    public var on: String?
    /// The context where the message or the notice was last seen.
    public var lostAt: String?
    public var because: String?

    public static let key = "outcome"

    public var sentence: String {
        var text = kind == .leak ? "the run leaves something behind" : "the run hangs"
        if let verdict { text += " (\(verdict.rawValue))" }
        if let waits { text += ", \(waits) waits" }
        if let on { text += " on \(on)" }
        if let lostAt { text += ", lost at \(lostAt)" }
        if let because { text += ", because \(because)" }
        return text
    }

    public func judge(_ scene: Scene) -> Judgement {
        guard let seen = scene.explanation, (seen.verdict == .leaked) == (kind == .leak) else {
            return .fails(kind == .leak ? "the run leaves nothing behind" : "the run does not hang")
        }
        for (what, wanted, found) in [
            ("kind", verdict?.rawValue, seen.verdict.rawValue),
            ("waits", waits, seen.waits), ("on", on, seen.on), ("lost-at", lostAt, seen.lostAt),
            ("because", because, seen.because.rawValue),
        ] {
            if let wanted, wanted != found { return .fails("\(what) is \(found.isEmpty ? "unknown" : found)") }
        }
        return .holds
    }
}

extension OutcomeCheck: TreeCheck {
    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        let sheet = glossary.sheet
        guard let outer = Fields(item, of: "outcome", known: Kind.allCases.map(\.rawValue), sheet) else { return [] }
        if let leak = outer["leak"] {
            guard let fields = Fields(leak, of: "a leak", known: ["lost-at", "because"], sheet) else { return [] }
            return [read(fields, .leak, glossary)]
        }
        guard let hang = outer.require("hang", example: "{ waits: web, on: db }"),
            let fields = Fields(hang, of: "a hang", known: ["kind", "waits", "on", "lost-at", "because"], sheet)
        else { return [] }
        return [read(fields, .hang, glossary)]
    }

    private static func read(_ fields: Fields, _ kind: Kind, _ glossary: Glossary) -> OutcomeCheck {
        let sheet = glossary.sheet
        var check = OutcomeCheck()
        check.kind = kind
        let hangs = Quiescence.Verdict.allCases.filter(\.isHang).map(\.rawValue)
        check.verdict = fields["kind"].flatMap { sheet.word($0, "kind of hang", of: hangs) }.flatMap(
            Quiescence.Verdict.init)
        check.waits = fields["waits"].flatMap { glossary.context($0) }
        check.on = fields["on"].flatMap { glossary.context($0) }
        check.lostAt = fields["lost-at"].flatMap { glossary.context($0) }
        let causes = Explanation.Cause.allCases.map(\.rawValue)
        check.because = fields["because"].flatMap { sheet.word($0, "cause", of: causes) }
        return check
    }
}
