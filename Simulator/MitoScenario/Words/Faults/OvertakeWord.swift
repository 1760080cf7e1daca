public import MitoSimulator

/// `overtake: MESSAGE`: the message arrives before those ahead of it on its link. No network of streams does that:
/// it is a bug, or a hostile peer.
public struct OvertakeWord: FrameFaultWord {
    public var message: MessagePattern

    public static let word = "overtake"
    public var kind: FrameFault.Kind { .overtake }
}

extension OvertakeWord: ReadableWord {
    static let subject = Key(word, .message, "The message arrives before those ahead of it; in sim only.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> OvertakeWord? {
        MessagePattern.read(message: subject, glossary).map { OvertakeWord(message: $0) }
    }
}
