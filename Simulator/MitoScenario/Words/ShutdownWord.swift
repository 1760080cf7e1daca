/// `shutdown: CONTEXT`: the context is asked to end in order, its children first.
public struct ShutdownWord: StoryWord, Hashable {
    public var context: String

    public static let word = "shutdown"
    public static let options: [String] = []
    public var sentence: String { "shutdown \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        stage.shutdown(try stage.id(of: context, or: "it cannot be shut down"), as: name)
    }
}

extension ShutdownWord: ReadableWord {
    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ShutdownWord? {
        guard let context = glossary.context(subject) else { return nil }
        if context == "master" {
            fields.sheet.note(subject.position, "master ends when the story is told", hint: "name another context")
            return nil
        }
        return ShutdownWord(context: context)
    }
}
