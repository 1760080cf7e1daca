public import MitoLinks
import MitoSimulator

/// `release: LINK`: what was held goes on at once.
public struct ReleaseWord: StoryWord, Hashable {
    /// The lower end of the link.
    public var link: String
    public var ways: LinkOrder.Ways

    public static let word = "release"
    public var sentence: String { "\(LinkOrder.release(ways)) the link of \(link)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: link, or: "its link cannot be released")
        try stage.perform(.link(id, .release(ways)), on: link, as: name)
    }
}

extension ReleaseWord: ReadableWord {
    static let subject = Key(word, .context, "What was held goes on at once.")
    static let options = [LinkOrder.Ways.key]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ReleaseWord? {
        guard let link = glossary.link(subject), let ways = LinkOrder.Ways.read(fields) else { return nil }
        return ReleaseWord(link: link, ways: ways)
    }
}
