public import MitoCore

/// `receive: CONTEXT`: opens a receiver there, at a handle of the story's choice. What comes to it is counted, and a
/// `select` can wait for it; it closes when a sender says that it is done.
public struct ReceiveWord: StoryWord, Hashable {
    public var context: String
    public var handle: Handle

    public static let word = "receive"
    public var sentence: String { "\(context) receives at handle \(handle)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot receive")
        stage.mark("\(Self.word) \(handle)", on: id, as: name)
        try stage.command(
            .receive(handle, as: name), in: id, or: "\(context) has ended or is frozen, so it cannot receive")
    }
}

extension ReceiveWord: ReadableWord {
    static let subject = Key(word, .context, "Opens a receiver; what comes to it is counted.")
    static let options = [
        Key("handle", .number(free, example: "500"), "Where messages arrive.", isRequired: true)
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> ReceiveWord? {
        let sheet = fields.sheet
        guard let context = glossary.context(subject),
            let item = fields.require("handle"), let handle = sheet.handle(item, "handle")
        else { return nil }
        guard free.contains(Int64(handle.rawValue)) else {
            sheet.note(
                item.position, "handle \(handle) is not free",
                hint: "from \(free.lowerBound) to \(free.upperBound) all are")
            return nil
        }
        return ReceiveWord(context: context, handle: handle)
    }

    /// No context serves any of these itself.
    static let free: ClosedRange<Int64> = 200...899
}
