/// `stream: context.function`: calls a function that sends items, which are counted. It gets a sender as its last
/// argument; the receiver is master's.
public struct StreamWord: StoryWord, Hashable {
    public var call: CallWord

    public static let word = "stream"
    public static let options = ["args", "timeout", "chain"]
    public var isCall: Bool { true }
    public var sentence: String { "\(call.caller) streams from \(call.target).\(call.function)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let target = try stage.id(of: call.target, or: "nothing streams from it")
        stage.stream(call.request(to: target, as: name))
    }
}

extension StreamWord: ReadableWord {
    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> StreamWord? {
        CallWord.read(subject, fields, glossary).map { StreamWord(call: $0) }
    }
}
