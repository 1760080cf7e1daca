import MitoCore
public import MitoSimulator

/// `chaos: { cuts: 0..3, kills: 0..1, …, between: 1s..5s, heal: 8s }`: faults that the seed chooses. After `heal`
/// all is mended.
public struct ChaosWord: StoryWord, Hashable {
    public var chaos: Chaos

    public static let word = "chaos"
    public static let options: [String] = []
    public var sentence: String { "chaos for \(chaos.heal)" }
    public var whySimulatedOnly: String? {
        chaos.delays.upperBound > 0 ? "a live link knows bytes and no messages, so none can be delayed" : nil
    }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        stage.unleash(chaos, as: name)
    }
}

extension ChaosWord: ReadableWord {
    private static let keys = ["cuts", "kills", "freezes", "delays", "between", "lasting", "heal"]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ChaosWord? {
        let sheet = glossary.sheet
        guard let fields = Fields(subject, of: "chaos", known: keys, sheet),
            let between = fields.require("between", example: "1s..5s").flatMap({ sheet.durations($0, "between") }),
            let heal = fields.require("heal", example: "8s").flatMap({ sheet.duration($0, "heal") })
        else { return nil }
        var chaos = Chaos(between: between, heal: heal)
        if let cuts = fields["cuts"].flatMap({ sheet.strikes($0, "cuts") }) { chaos.cuts = cuts }
        if let kills = fields["kills"].flatMap({ sheet.strikes($0, "kills") }) { chaos.kills = kills }
        if let freezes = fields["freezes"].flatMap({ sheet.strikes($0, "freezes") }) { chaos.freezes = freezes }
        if let lasting = fields["lasting"].flatMap({ sheet.durations($0, "lasting") }) { chaos.lasting = lasting }
        if let item = fields["delays"], let delays = Fields(item, of: "delays", known: ["count", "by"], sheet) {
            let count = delays.require("count", example: "0..5").flatMap { sheet.strikes($0, "count") }
            let by = delays.require("by", example: "0s..2s").flatMap { sheet.durations($0, "by") }
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
