/// `restart: CONTEXT`: the process is killed, unless it has ended, and a fresh one of the same name is started at its
/// place. What was below it is gone.
public struct RestartWord: StoryWord, Hashable {
    public var context: String

    public static let word = "restart"
    public var sentence: String { "restart \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot be restarted")
        try stage.restart(context, id, as: name)
    }
}

extension RestartWord: ReadableWord {
    static let subject = Key(word, .context, "The process is killed, and started again at its place.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> RestartWord? {
        glossary.startedContext(subject, notMaster: "master is the program itself").map { RestartWord(context: $0) }
    }
}
