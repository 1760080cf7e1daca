public import MitoCore

/// `send: context`: one message, for which no answer is expected, to a handle of that context.
public struct SendWord: StoryWord, Hashable {
    public var source: String
    public var target: String
    public var handle: Handle
    public var value: Value

    public static let word = "send"
    public var sentence: String { "\(source) sends to handle \(handle) of \(target)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let consequence = "\(source) cannot send to \(target)"
        let from = try stage.id(of: source, or: consequence)
        let to = try stage.id(of: target, or: consequence)
        stage.mark(Self.word, on: from, as: name)
        let message = Message(to: to, handle: handle, encoding: .pickle, payload: value.pickled())
        try stage.command(.send(message), in: from, or: "\(source) has ended or is frozen, so \(consequence)")
    }
}

extension SendWord: ReadableWord {
    static let subject = Key(word, .context, "One message, for which no answer is expected.")
    static let options = [
        Key("handle", .handle, "Where in that context it is to arrive.", isRequired: true),
        Key("value", .value, "What it says."),
        Key("from", .context, "The sender; master unless it is said."),
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> SendWord? {
        let sheet = fields.sheet
        let source = fields["from"].map { glossary.context($0) } ?? "master"
        let handle = fields.require("handle").flatMap { sheet.handle($0, "handle") }
        let value = fields["value"].map { sheet.value($0) } ?? Value.none
        guard let target = glossary.context(subject), let source, let handle, let value else { return nil }
        if source == target {
            sheet.note(subject.position, "\(target) sends to itself", hint: "`from` names another context")
            return nil
        }
        return SendWord(source: source, target: target, handle: handle, value: value)
    }
}

extension ErrorSheet {
    /// A port number of a context. 999 marks dead messages and is none.
    func handle(_ item: Item, _ what: String) -> Handle? {
        guard let number = count(item, what, in: 1...Int64(UInt32.max)) else { return nil }
        guard Handle(UInt32(number)) != .dead else {
            note(item.position, "\(what) 999 is no handle", hint: "it marks dead messages")
            return nil
        }
        return Handle(UInt32(number))
    }
}
