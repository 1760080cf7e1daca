/// `connect: NAME`: starts a context that was not there when the story began.
public struct ConnectWord: StoryWord, Hashable {
    public var plan: ContextPlan

    public static let word = "connect"
    public var sentence: String { "connect \(plan.name)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        _ = try stage.id(of: plan.via, or: "it cannot start \(plan.name)")
        stage.connect(plan, as: name)
    }
}

extension ConnectWord: ReadableWord {
    static let subject = Key(word, .name, "Starts a context that was not there when the story began.", example: "late")
    static let options = ContextPlan.keys

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ConnectWord? {
        guard let name = glossary.sheet.name(subject, "a context") else { return nil }
        return ContextPlan.read(fields, named: name, glossary).map(ConnectWord.init)
    }
}
