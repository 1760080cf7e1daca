import MitoCore
public import MitoLinks
import MitoSimulator

/// `set-link: LINK`: from the next frame on the link is another one.
public struct SetLinkWord: StoryWord, Hashable {
    /// The lower end of the link.
    public var link: String
    public var model: LinkModel

    public static let word = "set-link"
    public var sentence: String { "set the link of \(link)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: link, or: "its link cannot be set")
        try stage.perform(.link(id, .set(model)), on: link, as: name)
    }
}

extension SetLinkWord: ReadableWord {
    static let subject = Key(word, .context, "The link above this context is another one from the next frame on.")
    static let options = [
        Key("to", .link, "What it becomes.", isRequired: true)
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> SetLinkWord? {
        guard let link = glossary.link(subject), let item = fields.require("to"),
            let model = LinkModel.read(item, standard: LinkModel(), glossary.sheet)
        else { return nil }
        return SetLinkWord(link: link, model: model)
    }
}
