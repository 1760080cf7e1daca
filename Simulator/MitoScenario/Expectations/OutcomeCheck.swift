import MitoReport

/// `outcome: { hang: { waits: web, on: db, lost-at: bastion, because: … } }`, or `outcome: limit`: the run must end
/// badly, in this way.
public struct OutcomeCheck: Check, Hashable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Nothing can happen any more, though somebody waits; or a caller was woken by nothing but its time-out.
        case hang
        /// The story's limit is over, and it still goes on.
        case limit
        /// The tree is busy without end, and no time passes.
        case livelock
    }

    public var kind = Kind.hang
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
            case .limit: "the run reaches its limit"
            case .livelock: "the run is busy without end"
            }
        if let waits { text += ", \(waits) waits" }
        if let on { text += " on \(on)" }
        if let lostAt { text += ", lost at \(lostAt)" }
        if let because { text += ", because \(because)" }
        return text
    }

    public func judge(_ scene: Scene) -> Judgement {
        switch kind {
        case .hang: break
        case .limit: return scene.run.ending == .limitReached ? .holds : .fails("the run does not reach its limit")
        case .livelock: return scene.run.ending == .livelocked ? .holds : .fails("the run is not busy without end")
        }
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
    static let subject = Key(
        key, .any([.object(keys), .words(Kind.allCases.map(\.rawValue))]), "The run must end badly.",
        example: "{ hang: { waits: web } }")
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
        if case .text = item.content {
            return sheet.word(item, "outcome", of: Kind.allCases.map(\.rawValue)).flatMap(Kind.init)
                .map { [OutcomeCheck(kind: $0)] } ?? []
        }
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
