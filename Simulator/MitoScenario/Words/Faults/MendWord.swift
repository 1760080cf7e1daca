import MitoLinks
import MitoSimulator

/// `mend: LINK`: ends a silent cut. What waits is sent again.
public struct MendWord: StoryWord, Hashable {
    /// The lower end of the link.
    public var link: String

    public static let word = "mend"
    public var sentence: String { "mend the link of \(link)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: link, or: "its link cannot be mended")
        try stage.perform(.link(id, .mend), on: link, as: name)
    }
}

extension MendWord: ReadableWord {
    static let subject = Key(word, .context, "Ends a silent cut; what waits is sent again.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> MendWord? {
        glossary.link(subject).map { MendWord(link: $0) }
    }
}
