import MitoSimulator

/// `freeze: CONTEXT`: the process stops where it is, until it is thawed.
public struct FreezeWord: StoryWord, Hashable {
    public var context: String

    public static let word = "freeze"
    public var sentence: String { "freeze \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot be frozen")
        try stage.perform(.freeze(id), on: context, as: name)
    }
}

extension FreezeWord: ReadableWord {
    static let subject = Key(word, .context, "The process stops where it is.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> FreezeWord? {
        glossary.startedContext(subject, notMaster: "master is the program itself").map { FreezeWord(context: $0) }
    }
}
