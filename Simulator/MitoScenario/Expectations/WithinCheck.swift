public import MitoCore
import MitoReport

/// `within: d of NAME`: it ended at most `d` after something named happened, and not before it.
public struct WithinCheck: Check, Hashable {
    public var name: String
    public var limit: Duration
    /// A call counts from its end, anything else from when it was done.
    public var origin: String

    public static let key = "within"
    public var sentence: String { "\(name) ends within \(limit) of \(origin)" }

    public func judge(_ scene: Scene) -> Judgement {
        guard let origin = scene.progress[origin]?.happened else { return .fails("\(origin) never happened") }
        guard let end = scene.progress[name]?.ended else { return .fails("\(name) never ended") }
        guard end.index >= origin.index else { return .fails("\(name) ended before \(self.origin)") }
        let took = end.at - origin.at
        return took <= limit + scene.slack ? .holds : .late("\(name) ended \(took.rounded) after \(self.origin)")
    }
}

extension WithinCheck: CallCheck {
    static let subject = Key(key, .within, "It ended at most so long after something else.")

    static func fits(_ kind: Glossary.Kind) -> Bool { true }

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> WithinCheck? {
        guard let text = glossary.sheet.text(item, "within") else { return nil }
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3, words[1] == "of" else {
            return glossary.sheet.mismatch(item, "within", "a duration of a name: 100ms of death")
        }
        let limit = Item(content: .text(words[0], isQuoted: false), position: item.position)
        guard let limit = glossary.sheet.duration(limit, "within"),
            let origin = glossary.name(words[2], at: item.position)
        else { return nil }
        return WithinCheck(name: name, limit: limit, origin: origin)
    }
}
