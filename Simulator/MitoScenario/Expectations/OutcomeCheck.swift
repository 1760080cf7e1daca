public import MitoReport

/// `outcome: { hang: { waits: web, on: db, lost-at: bastion, because: … } }`, `outcome: { leak: { … } }`, or
/// `outcome: limit`: the run must end badly, in this way.
public struct OutcomeCheck: Check, Hashable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Nothing can happen any more, though somebody waits; or a caller was woken by nothing but its time-out; or
        /// the tree is busy without end.
        case hang
        /// Nobody waits, but something is left behind.
        case leak
        /// The story's limit is over, and it still goes on.
        case limit
        /// The tree is busy without end.
        case livelock

        /// Is it this that was found when a run ended so?
        func fits(_ found: Quiescence.Verdict?, _ ending: Run.Ending) -> Bool {
            switch self {
            case .hang: found?.isHang == true
            case .leak: found == .leaked
            case .limit: ending == .limitReached
            case .livelock: found == .livelock || ending == .livelocked
            }
        }
    }

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
        var text =
            switch kind {
            case .hang: "the run hangs"
            case .leak: "the run leaves something behind"
            case .limit: "the run reaches its limit"
            case .livelock: "the run is busy without end"
            }
        if let verdict { text += " (\(verdict.rawValue))" }
        if let waits { text += ", \(waits) waits" }
        if let on { text += " on \(on)" }
        if let lostAt { text += ", lost at \(lostAt)" }
        if let because { text += ", because \(because)" }
        return text
    }

    public func judge(_ scene: Scene) -> Judgement {
        guard kind.fits(scene.explanation?.verdict, scene.run.ending) else {
            switch kind {
            case .hang: return .fails("the run does not hang")
            case .leak: return .fails("the run leaves nothing behind")
            case .limit: return .fails("the run does not reach its limit")
            case .livelock: return .fails("the run is not busy without end")
            }
        }
        guard let seen = scene.explanation else { return .holds }
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
    static let subject = Key(
        key, .any([.object(keys), .words(Kind.allCases.map(\.rawValue))]), "The run must end badly.",
        example: "{ hang: { waits: web } }")
    private static let keys = [
        Key("hang", .object(hangKeys, example: "{ waits: web, on: db }"), "It hangs."),
        Key("leak", .object(leakKeys, example: "{ lost-at: web }"), "Nobody waits, but something is left behind."),
    ]
    private static let leakKeys = [
        Key("lost-at", .context, "Who has it."), Key("because", .words(causes), "Why."),
    ]
    private static let hangKeys = [
        Key("kind", .words(Quiescence.Verdict.allCases.filter(\.isHang).map(\.rawValue)), "Which kind of hang."),
        Key("waits", .context, "Who waits."),
        Key("on", .context, "For whom.", example: "db"),
        Key("lost-at", .context, "Where the message or the notice was last seen."),
        Key("because", .words(causes), "Why."),
    ]
    private static let causes = Explanation.Cause.allCases.map(\.rawValue)

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        let sheet = glossary.sheet
        if case .text = item.content {
            return sheet.word(item, "outcome", of: Kind.allCases.map(\.rawValue)).flatMap(Kind.init)
                .map { [OutcomeCheck(kind: $0)] } ?? []
        }
        guard let outer = Fields(item, of: "outcome", known: keys, sheet) else { return [] }
        if let leak = outer["leak"] {
            return Fields(leak, of: "a leak", known: leakKeys, sheet).map { [read($0, .leak, glossary)] } ?? []
        }
        guard let hang = outer.require("hang"), let fields = Fields(hang, of: "a hang", known: hangKeys, sheet)
        else { return [] }
        return [read(fields, .hang, glossary)]
    }

    private static func read(_ fields: Fields, _ kind: Kind, _ glossary: Glossary) -> OutcomeCheck {
        let sheet = glossary.sheet
        var check = OutcomeCheck(kind: kind)
        let kinds = Quiescence.Verdict.allCases.filter(\.isHang).map(\.rawValue)
        check.verdict = fields["kind"].flatMap { sheet.word($0, "kind of hang", of: kinds) }
            .flatMap(Quiescence.Verdict.init)
        check.waits = fields["waits"].flatMap { glossary.context($0) }
        check.on = fields["on"].flatMap { glossary.context($0) }
        check.lostAt = fields["lost-at"].flatMap { glossary.context($0) }
        check.because = fields["because"].flatMap { sheet.word($0, "cause", of: causes) }
        return check
    }
}
