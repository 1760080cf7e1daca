public import MitoSimulator

/// `drop: MESSAGE`: the message is sent and never arrives. No network of streams does that: it is a bug, or a
/// hostile peer.
public struct DropWord: FrameFaultWord {
    public var message: MessagePattern

    public static let word = "drop"
    public var kind: FrameFault.Kind { .drop }
}

extension DropWord: ReadableWord {
    static let subject = Key(word, .message, "The message is sent and never arrives; in sim only.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> DropWord? {
        MessagePattern.read(message: subject, glossary).map { DropWord(message: $0) }
    }
}
