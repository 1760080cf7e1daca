import MitoSimulator

/// `thaw: CONTEXT`: a frozen process goes on.
public struct ThawWord: StoryWord, Hashable {
    public var context: String

    public static let word = "thaw"
    public var sentence: String { "thaw \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot be thawed")
        try stage.perform(.thaw(id), on: context, as: name)
    }
}

extension ThawWord: ReadableWord {
    static let subject = Key(word, .context, "A frozen process goes on.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ThawWord? {
        glossary.startedContext(subject, notMaster: "master is the program itself").map { ThawWord(context: $0) }
    }
}
