public import MitoCore

/// Which messages are meant: `{ kind: del-route, from: rack, on: bastion }`. What is not said matches everything.
public struct MessagePattern: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case call, reply, dead, log, shutdown, other
        case addRoute = "add-route"
        case delRoute = "del-route"
    }

    public var kind: Kind?
    public var source: String?
    public var destination: String?
    /// The lower end of the link that it travels on.
    public var link: String?
    public var handle: Handle?

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
    static let keys = ["kind", "from", "to", "on", "handle"]

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

extension Event {
    /// What a frame carries.
    var messageKind: MessagePattern.Kind {
        if replyTo == .dead { return .dead }
        return switch handle {
        case .callFunction: .call
        case .addRoute: .addRoute
        case .delRoute: .delRoute
        case .shutdown: .shutdown
        case .forwardLog: .log
        default: handle < .firstDynamic ? .other : .reply
        }
    }
}
