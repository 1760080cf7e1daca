public import MitoCore
public import MitoSimulator

/// `delay: MESSAGE`: the message takes longer `by` a duration, and what is behind it on its link waits too.
public struct DelayWord: FrameFaultWord {
    public var message: MessagePattern
    public var duration: Duration

    public static let word = "delay"
    public var kind: FrameFault.Kind { .delay(duration) }
}

extension DelayWord: ReadableWord {
    static let subject = Key(word, .message, "A message, and what is behind it, is late; in sim only.")
    static let options = [
        Key("by", .duration, "How much later it arrives.", isRequired: true, example: "2s")
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> DelayWord? {
        guard let message = MessagePattern.read(message: subject, glossary),
            let item = fields.require("by"), let duration = glossary.sheet.duration(item, "by")
        else { return nil }
        return DelayWord(message: message, duration: duration)
    }
}
