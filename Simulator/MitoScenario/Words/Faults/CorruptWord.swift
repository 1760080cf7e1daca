public import MitoSimulator

/// `corrupt: MESSAGE`: one bit of the message, which the seed chooses, is another. No network of streams does that: it
/// is a bug, or a hostile peer.
public struct CorruptWord: FrameFaultWord {
    public var message: MessagePattern

    public static let word = "corrupt"
    public var kind: FrameFault.Kind { .corrupt }
}

extension CorruptWord: ReadableWord {
    static let subject = Key(word, .message, "One bit of the message is another; in sim only.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> CorruptWord? {
        MessagePattern.read(message: subject, glossary).map { CorruptWord(message: $0) }
    }
}
