import MitoCore

/// `stream: context.function`: calls a function that sends items, which are counted. It gets a sender as its last
/// argument; the receiver is its caller's.
public struct StreamWord: StoryWord, Hashable {
    public var call: CallWord

    public static let word = "stream"
    public var isCall: Bool { true }
    public var whyLiveOnly: String? { call.whyLiveOnly }
    public var sentence: String { "\(call.caller) streams from \(call.target).\(call.function)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let consequence = "nothing streams from \(call.target) to \(call.caller)"
        let from = try stage.id(of: call.caller, or: consequence)
        let to = try stage.id(of: call.target, or: consequence)
        stage.mark(Self.word, on: from, as: name)
        try stage.command(
            .stream(try call.request(to: to, as: name, on: stage)), in: from,
            or: "\(call.caller) has ended or is frozen, so \(consequence)")
    }
}

extension StreamWord: ReadableWord {
    static let subject = Key(
        word, .function, "Calls a function that sends items, which are counted.", example: "db.tail")
    static let options = [
        Key("from", .context, "The caller, to whom the items come; master unless it is said."),
        Key("args", .list(.value), "The arguments; a sender follows them.", example: "[100]"),
        Key("timeout", .duration, "When the caller gives up."),
        Key("chain", .name, "Calls of one chain share its first failure.", example: "setup"),
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> StreamWord? {
        CallWord.read(subject, fields, glossary).map { StreamWord(call: $0) }
    }
}
