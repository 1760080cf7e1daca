import MitoCore
public import MitoSimulator

/// `chaos: { cuts: 0..3, kills: 0..1, …, between: 1s..5s, heal: 8s }`: faults that the seed chooses. After `heal`
/// all is mended.
public struct ChaosWord: StoryWord, Hashable {
    public var chaos: Chaos

    public static let word = "chaos"
    public var sentence: String { "chaos for \(chaos.heal)" }
    public var whySimulatedOnly: String? {
        chaos.delays.upperBound > 0 ? "a live link knows bytes and no messages, so none can be delayed" : nil
    }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        stage.unleash(chaos, as: name)
    }
}

extension ChaosWord: ReadableWord {
    static let subject = Key(
        word, .object(keys, example: "{ cuts: 0..3, between: 1s..5s, heal: 8s }"), "Faults that the seed chooses.")
    static let options: [Key] = []

    private static let keys = [
        Key("cuts", .counts, "How many links are cut.", example: "0..3"),
        Key("kills", .counts, "How many contexts crash.", example: "0..1"),
        Key("freezes", .counts, "How many contexts stop for a while.", example: "0..2"),
        Key("delays", .object(delayKeys), "How many messages are late; in sim only."),
        Key("between", .durations, "When faults begin.", isRequired: true),
        Key("lasting", .durations, "How long each lasts.", example: "1s..3s"),
        Key("heal", .duration, "When all is mended.", isRequired: true, example: "8s"),
    ]
    private static let delayKeys = [
        Key("count", .counts, "How many.", isRequired: true, example: "0..5"),
        Key("by", .durations, "How much later.", isRequired: true, example: "0s..2s"),
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ChaosWord? {
        let sheet = glossary.sheet
        guard let fields = Fields(subject, of: "chaos", known: keys, sheet),
            let between = fields.require("between").flatMap({ sheet.durations($0, "between") }),
            let heal = fields.require("heal").flatMap({ sheet.duration($0, "heal") })
        else { return nil }
        var chaos = Chaos(between: between, heal: heal)
        if let cuts = fields["cuts"].flatMap({ sheet.strikes($0, "cuts") }) { chaos.cuts = cuts }
        if let kills = fields["kills"].flatMap({ sheet.strikes($0, "kills") }) { chaos.kills = kills }
        if let freezes = fields["freezes"].flatMap({ sheet.strikes($0, "freezes") }) { chaos.freezes = freezes }
        if let lasting = fields["lasting"].flatMap({ sheet.durations($0, "lasting") }) { chaos.lasting = lasting }
        if let item = fields["delays"], let delays = Fields(item, of: "delays", known: delayKeys, sheet) {
            let count = delays.require("count").flatMap { sheet.strikes($0, "count") }
            let by = delays.require("by").flatMap { sheet.durations($0, "by") }
            if let count, let by { (chaos.delays, chaos.delay) = (count, by) }
        }
        if between.upperBound > heal {
            sheet.note(fields.position(of: "between"), "all is mended at \(heal), before the last fault may begin")
            return nil
        }
        return ChaosWord(chaos: chaos)
    }
}

extension ErrorSheet {
    /// `0..3`: how many faults; at most 1,000.
    fileprivate func strikes(_ item: Item, _ what: String) -> ClosedRange<Int64>? {
        guard let range = counts(item, what) else { return nil }
        if range.lowerBound >= 0, range.upperBound <= 1_000 { return range }
        note(item.position, "\(what) are \(range.words)", hint: "from 0 to 1000")
        return nil
    }
}
