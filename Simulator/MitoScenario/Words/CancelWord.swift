import MitoCore

/// `cancel: NAME`: its caller gives a call up. A late reply is dropped; the function goes on.
public struct CancelWord: StoryWord, Hashable {
    public var call: String
    public var caller: String

    public static let word = "cancel"
    public var sentence: String { "\(caller) gives up \(call)" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: caller, or: "it has no call to give up")
        stage.mark(Self.word, on: id, as: name)
        try stage.command(.cancel(call), in: id, or: "\(caller) has ended or is frozen, so it cannot give up a call")
    }
}

extension CancelWord: ReadableWord {
    static let subject = Key(word, .named, "The caller gives this call up; the function goes on.")
    static let options: [Key] = []

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> CancelWord? {
        guard let name = glossary.name(subject) else { return nil }
        guard case .call(let caller, _)? = glossary.kind(of: name) else {
            glossary.sheet.note(subject.position, "'\(name)' is not a call", hint: "only a call can be given up")
            return nil
        }
        return CancelWord(call: name, caller: caller)
    }
}
