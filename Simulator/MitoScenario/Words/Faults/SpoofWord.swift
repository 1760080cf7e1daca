public import MitoCore
import MitoSimulator

/// `spoof: MESSAGE`: the context `by` sends a message that says it is `from` another, and on that one's authority.
public struct SpoofWord: StoryWord, Hashable {
    /// Who sends it.
    public var culprit: String
    public var source: String
    public var destination: String
    public var handle: Handle
    public var isDead: Bool

    public static let word = "spoof"
    public var sentence: String { "\(culprit) sends \(destination) a message as if from \(source)" }
    public var whySimulatedOnly: String? { "a process of ours speaks in its own name" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let consequence = "no message can be forged"
        let message = Message(
            to: try stage.id(of: destination, or: consequence), from: try stage.id(of: source, or: consequence),
            handle: handle, replyTo: isDead ? .dead : .none)
        try stage.perform(.spoof(message, by: try stage.id(of: culprit, or: consequence)), on: culprit, as: name)
    }
}

extension SpoofWord: ReadableWord {
    static let subject = Key(
        word, .object(keys, example: "{ kind: shutdown, from: db, to: web }"),
        "A message that says it is from another context; in sim only.")
    static let options = [
        Key("by", .context, "Who sends it.", isRequired: true)
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> SpoofWord? {
        let sheet = glossary.sheet
        guard let message = Fields(subject, of: "a message", known: keys, sheet) else {
            return nil
        }
        let culprit = fields.require("by").flatMap { glossary.context($0) }
        let source = message.require("from").flatMap { glossary.context($0) }
        let destination = message.require("to").flatMap { glossary.context($0) }
        let kind = message["kind"].flatMap { sheet.word($0, "kind", of: handles.map(\.kind)) } ?? "reply"
        let named = message["handle"].flatMap { sheet.count($0, "handle", in: 1...Int64(UInt32.max)) }
        let usual = handles.first { $0.kind == kind }?.handle
        guard let culprit, let source, let destination else { return nil }
        guard let handle = named.map({ Handle(UInt32($0)) }) ?? usual else {
            sheet.note(message.position, "a forged \(kind) needs a handle", hint: "for example `handle: 1000`")
            return nil
        }
        return SpoofWord(
            culprit: culprit, source: source, destination: destination, handle: handle, isDead: kind == "dead")
    }

    private static let keys = [
        Key("kind", .words(handles.map(\.kind)), "What it is; a reply unless it is said."),
        Key("from", .context, "The context in whose name it is sent.", isRequired: true, example: "db"),
        Key("to", .context, "Where it goes.", isRequired: true, example: "master"),
        Key("handle", .handle, "Where it is to arrive, when the kind does not say."),
    ]

    /// What can be forged, and where it goes when the message does not say.
    private static let handles: [(kind: String, handle: Handle?)] = [
        ("call", .callFunction), ("reply", nil), ("dead", nil), ("add-route", .addRoute), ("del-route", .delRoute),
        ("shutdown", .shutdown), ("log", .forwardLog),
    ]
}
