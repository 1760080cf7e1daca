/// `kill: CONTEXT`: the context crashes, without a farewell.
public struct KillWord: StoryWord, Hashable {
    public var context: String

    public static let word = "kill"
    public var sentence: String { "kill \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot be killed")
        guard stage.kill(context, id, as: name) else {
            throw CannotPerform("\(context) has ended, so it cannot be killed")
        }
    }
}

extension KillWord: ReadableWord {
    static let subject = Key(word, .context, "The context crashes, without a farewell.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> KillWord? {
        glossary.startedContext(subject, notMaster: "master is the program itself").map { KillWord(context: $0) }
    }
}
