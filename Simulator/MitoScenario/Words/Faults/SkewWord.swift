public import MitoCore
public import MitoSimulator

/// `skew: CONTEXT`: its clock is set forward `by` a duration, and from then on is fast or slow by `drift`.
public struct SkewWord: StoryWord, Hashable {
    public var context: String
    public var offset: Duration
    public var drift: Drift

    public static let word = "skew"
    public var sentence: String { "skew the clock of \(context)" }
    public var whySimulatedOnly: String? { "all processes of a machine have one clock" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "its clock cannot go wrong")
        try stage.perform(.skew(id, by: offset, drift: drift), on: context, as: name)
    }
}

extension SkewWord: ReadableWord {
    static let subject = Key(word, .context, "Its clock goes wrong; in sim only.")
    static let options = [
        Key("by", .duration, "How far it is set forward."),
        Key("drift", .drift, "How much it is fast, or slow."),
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> SkewWord? {
        let sheet = glossary.sheet
        guard fields.has("by") || fields.has("drift") else {
            sheet.note(fields.position, "the clock stays right", hint: "say `by: 5s`, `drift: 1/1000` or both")
            return nil
        }
        let offset = fields.has("by") ? fields["by"].flatMap { sheet.duration($0, "by") } : .zero
        let drift = fields.has("drift") ? fields["drift"].flatMap { sheet.drift($0, "drift") } : Drift.none
        let context = glossary.startedContext(subject, notMaster: "master's clock is the story's")
        guard let context, let offset, let drift else { return nil }
        return SkewWord(context: context, offset: offset, drift: drift)
    }
}
