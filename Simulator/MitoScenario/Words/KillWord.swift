/// `kill: CONTEXT`: the context crashes, without a farewell.
public struct KillWord: StoryWord, Hashable {
    public var context: String

    public static let word = "kill"
    public static let options: [String] = []
    public var sentence: String { "kill \(context)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot be killed")
        guard stage.kill(context, id, as: name) else {
            throw CannotPerform("\(context) has ended, so it cannot be killed")
        }
    }
}

extension KillWord: ReadableWord {
    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> KillWord? {
        guard let context = glossary.context(subject) else { return nil }
        if context == "master" {
            fields.sheet.note(subject.position, "master is the program itself", hint: "kill another context")
            return nil
        }
        return KillWord(context: context)
    }
}
