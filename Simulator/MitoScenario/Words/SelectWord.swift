/// `select: [NAME…]`: waits for what comes first of several calls, streams and receivers of one context. Each result
/// is given once: another `select` over the same names gives the next.
public struct SelectWord: StoryWord, Hashable {
    public var context: String
    public var names: [String]

    public static let word = "select"
    public var sentence: String { "\(context) waits for the first of \(names.joined(separator: ", "))" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let id = try stage.id(of: context, or: "it cannot select")
        stage.mark("\(Self.word) \(names.joined(separator: " "))", on: id, as: name)
    }
}

extension SelectWord: ReadableWord {
    static let subject = Key(
        word, .list(.named, example: "[a, b]"), "Waits for what comes first of these; each result is given once.")
    static let options = [
        Key("from", .context, "The context to which they come; it is known from them.")
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> SelectWord? {
        let sheet = fields.sheet
        guard let names = sheet.list(subject, "select", { glossary.name($0) }), sheet.isEmpty else { return nil }
        guard let first = names.first, let owner = owner(of: first, at: subject.position, glossary) else {
            if names.isEmpty { sheet.note(subject.position, "a select over nothing waits for ever") }
            return nil
        }
        for name in names.dropFirst() {
            guard let other = self.owner(of: name, at: subject.position, glossary) else { return nil }
            guard other == owner else {
                let what = "'\(first)' comes to \(owner) and '\(name)' to \(other)"
                sheet.note(subject.position, what, hint: "a context selects among what comes to itself")
                return nil
            }
        }
        guard let item = fields["from"] else { return SelectWord(context: owner, names: names) }
        guard let context = glossary.context(item) else { return nil }
        guard context == owner else {
            sheet.note(item.position, "'\(first)' comes to \(owner), not to \(context)", hint: "from: \(owner)")
            return nil
        }
        return SelectWord(context: owner, names: names)
    }

    /// The context to which what is called so comes.
    private static func owner(of name: String, at position: SourcePosition, _ glossary: Glossary) -> String? {
        switch glossary.kind(of: name) {
        case .call(let caller, hasReply: true): return caller
        case .receiver(let context): return context
        case .call(_, hasReply: false):
            glossary.sheet.note(position, "'\(name)' wants no reply", hint: "nothing comes that could be selected")
        case .select, .deed, nil:
            glossary.sheet.note(position, "nothing comes from '\(name)'", hint: "name calls, streams and receivers")
        }
        return nil
    }
}
