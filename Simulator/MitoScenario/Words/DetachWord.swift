import MitoCore

/// `detach: CONTEXT`: the context leaves its parent and lives on with what is below it. It ends with the run.
public struct DetachWord: StoryWord, Hashable {
    public var context: String

    public static let word = "detach"
    public var sentence: String { "detach \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot leave its parent")
        stage.mark(Self.word, on: id, as: name)
        try stage.command(.detach, in: id, or: "\(context) has ended or is frozen, so it cannot leave its parent")
    }
}

extension DetachWord: ReadableWord {
    static let subject = Key(word, .context, "The context leaves its parent and lives on with what is below it.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> DetachWord? {
        glossary.startedContext(subject, notMaster: "master has no parent to leave").map { DetachWord(context: $0) }
    }
}
