public import MitoLinks
import MitoSimulator

/// `hold: LINK`: what arrives over the link waits until it is released; the order is kept.
public struct HoldWord: StoryWord, Hashable {
    /// The lower end of the link.
    public var link: String
    public var ways: LinkOrder.Ways

    public static let word = "hold"
    public var sentence: String { "\(LinkOrder.hold(ways)) the link of \(link)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: link, or: "its link cannot be held")
        try stage.perform(.link(id, .hold(ways)), on: link, as: name)
    }
}

extension HoldWord: ReadableWord {
    static let subject = Key(word, .context, "What arrives over the link above this context waits.")
    static let options = [LinkOrder.Ways.key]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> HoldWord? {
        guard let link = glossary.link(subject), let ways = LinkOrder.Ways.read(fields) else { return nil }
        return HoldWord(link: link, ways: ways)
    }
}
