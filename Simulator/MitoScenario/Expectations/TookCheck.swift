public import MitoCore
import MitoReport

/// `took: a..b`: the time from its beginning to its end.
public struct TookCheck: Check, Hashable {
    public var name: String
    public var range: ClosedRange<Duration>

    public static let key = "took"
    public var sentence: String { "\(name) takes \(range.lowerBound)..\(range.upperBound)" }

    public func judge(_ scene: Scene) -> Judgement {
        guard let facts = scene.progress[name], let end = facts.ended else { return .fails("\(name) never ended") }
        let took = end.at - facts.began.at
        let isInTime = range.lowerBound <= took + scene.slack && took <= range.upperBound + scene.slack
        return isInTime ? .holds : .late("\(name) took \(took.rounded)")
    }
}

extension TookCheck: CallCheck {
    static let subject = Key(key, .durations, "So long it took.")

    static func fits(_ kind: Glossary.Kind) -> Bool { true }

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> TookCheck? {
        glossary.sheet.durations(item, "took").map { TookCheck(name: name, range: $0) }
    }
}
