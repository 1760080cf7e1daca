/// `messages: { kind: del-route, from: rack, count: 1..2 }`: how many messages of a sort were sent, from the story's
/// beginning on. With `on:` a link they are counted there, else where they start.
public struct MessagesCheck: Check, Hashable {
    public var pattern: MessagePattern
    public var count: ClosedRange<Int64>

    public static let key = "messages"
    public var sentence: String { "\(count.words) \(pattern.sentence)" }

    public func judge(_ scene: Scene) -> Judgement {
        let seen = Int64(scene.messages(pattern))
        return count.contains(seen) ? .holds : .fails("there were \(seen) \(pattern.sentence)")
    }
}

extension MessagesCheck: TreeCheck {
    static let subject = Key(
        key, .object(keys, example: "{ kind: call, count: 1 }"), "So many messages of a sort were sent.")
    private static let keys =
        MessagePattern.keys + [Key("count", .counts, "How many.", isRequired: true, example: "1")]

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        guard let fields = Fields(item, of: "messages", known: keys, glossary.sheet),
            let count = fields.require("count")
        else { return [] }
        let pattern = MessagePattern.read(fields, glossary)
        return glossary.sheet.counts(count, "count").map { [MessagesCheck(pattern: pattern, count: $0)] } ?? []
    }
}
