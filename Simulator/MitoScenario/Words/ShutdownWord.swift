/// `shutdown: CONTEXT`: the context is asked to end in order, its children first.
public struct ShutdownWord: StoryWord, Hashable {
    public var context: String

    public static let word = "shutdown"
    public var sentence: String { "shutdown \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        stage.shutdown(try stage.id(of: context, or: "it cannot be shut down"), as: name)
    }
}

extension ShutdownWord: ReadableWord {
    static let subject = Key(word, .context, "The context is asked to end in order, its children first.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ShutdownWord? {
        glossary.startedContext(subject, notMaster: "master ends when the story is told").map {
            ShutdownWord(context: $0)
        }
    }
}
