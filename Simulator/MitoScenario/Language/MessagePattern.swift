public import MitoCore
import MitoTrace

/// Which messages are meant: `{ kind: del-route, from: rack, on: bastion }`. What is not said matches everything.
public struct MessagePattern: Hashable, Sendable {
    public typealias Kind = FrameKind

    public var kind: Kind?
    public var source: String?
    public var destination: String?
    /// The lower end of the link that it travels on.
    public var link: String?
    public var handle: Handle?
    /// The how manieth that matches, from 1, where one message is meant.
    public var nth = 1

    /// How it reads to a person: `del-route messages from rack`.
    public var sentence: String {
        var text = "\(kind.map { "\($0.rawValue) " } ?? "")messages"
        if let source { text += " from \(source)" }
        if let destination { text += " to \(destination)" }
        if let link { text += " on \(link)'s link" }
        if let handle { text += " for handle \(handle)" }
        return text
    }
}

extension MessagePattern {
    static let keys = [
        Key("kind", .words(Kind.allCases.map(\.rawValue)), "What it is."),
        Key("from", .context, "Who sent it."),
        Key("to", .context, "Where it goes."),
        Key("on", .context, "The link that it takes, by its lower end."),
        Key("handle", .number(0...Int64(UInt32.max), example: "500"), "Where it is to arrive."),
    ]
    /// Those of one message.
    static let keysOfOne =
        keys + [Key("nth", .number(1...1_000_000, example: "2"), "The how manieth of them, from now on.")]

    /// One message: `{ kind: call, to: db, nth: 2 }`.
    static func read(message item: Item, _ glossary: Glossary) -> MessagePattern? {
        guard let fields = Fields(item, of: "a message", known: keysOfOne, glossary.sheet) else { return nil }
        var pattern = read(fields, glossary)
        if let item = fields["nth"] {
            guard let nth = glossary.sheet.count(item, "nth", in: 1...1_000_000) else { return nil }
            pattern.nth = Int(nth)
        }
        return pattern
    }

    static func read(_ fields: Fields, _ glossary: Glossary) -> MessagePattern {
        let sheet = glossary.sheet
        var pattern = MessagePattern()
        pattern.kind = fields["kind"].flatMap { sheet.word($0, "kind", of: Kind.allCases.map(\.rawValue)) }.flatMap(
            Kind.init)
        pattern.source = fields["from"].flatMap { glossary.context($0) }
        pattern.destination = fields["to"].flatMap { glossary.context($0) }
        pattern.link = fields["on"].flatMap { glossary.context($0, "link") }
        pattern.handle = fields["handle"].flatMap { sheet.count($0, "handle", in: 0...Int64(UInt32.max)) }
            .map { Handle(UInt32(clamping: $0)) }
        return pattern
    }
}

extension MessagePattern {
    /// Is it a message of this sort, seen where it is sent: into the link that is named, or else by its source?
    func matches(_ record: TraceRecord, _ id: (String) -> ContextID?) -> Bool {
        let event = record.event
        guard event.kind == .frameOut else { return false }
        let isThere = link.map { id($0) == event.link } ?? (event.source == record.context)
        return isThere && kind.map { $0 == FrameKind(handle: event.handle, replyTo: event.replyTo) } ?? true
            && source.map { id($0) == event.source } ?? true
            && destination.map { id($0) == event.destination } ?? true
            && handle.map { $0 == event.handle } ?? true
    }
}
