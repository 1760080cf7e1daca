public import MitoLinks
import MitoSimulator

/// `cut: LINK`: nothing gets through the link any more, and neither end can tell; with `how: reset` it breaks, and both
/// ends see it closed.
public struct CutWord: StoryWord, Hashable {
    /// The lower end of the link.
    public var link: String
    public var order: LinkOrder

    public static let word = "cut"
    public var sentence: String { "\(order) the link of \(link)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: link, or: "its link cannot be cut")
        try stage.perform(.link(id, order), on: link, as: name)
    }
}

extension CutWord: ReadableWord {
    static let subject = Key(word, .context, "Nothing gets through the link above this context any more.")
    static let options = [
        LinkOrder.Ways.key,
        Key("how", .words(["silent", "reset"]), "Can neither end tell, or do both see it closed?"),
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> CutWord? {
        guard let link = glossary.link(subject), let ways = LinkOrder.Ways.read(fields) else { return nil }
        let how = fields["how"].flatMap { glossary.sheet.word($0, "how", of: ["silent", "reset"]) }
        if how == "reset", fields.has("way") {
            glossary.sheet.note(fields.position(of: "way"), "a link that is reset breaks both ways")
            return nil
        }
        return CutWord(link: link, order: how == "reset" ? .reset : .cut(ways))
    }
}

extension LinkOrder.Ways {
    static let key = Key(
        "way", .words(allCases.map(\.rawValue)), "Towards the root, away from it, or both.", example: "up")

    /// `way: up | down | both`; both when it is not said.
    static func read(_ fields: Fields) -> LinkOrder.Ways? {
        guard let item = fields["way"] else { return .both }
        return fields.sheet.word(item, "way", of: allCases.map(\.rawValue)).flatMap(LinkOrder.Ways.init)
    }
}

extension Glossary {
    /// A link, named by the context at its lower end.
    func link(_ item: Item) -> String? { startedContext(item, notMaster: "there is no link above master") }
}
