public import MitoSimulator

/// `duplicate: MESSAGE`: the message arrives twice. No network of streams does that: it is a bug, or a
/// hostile peer.
public struct DuplicateWord: FrameFaultWord {
    public var message: MessagePattern

    public static let word = "duplicate"
    public var kind: FrameFault.Kind { .duplicate }
}

extension DuplicateWord: ReadableWord {
    static let subject = Key(word, .message, "The message arrives twice; in sim only.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> DuplicateWord? {
        MessagePattern.read(message: subject, glossary).map { DuplicateWord(message: $0) }
    }
}
