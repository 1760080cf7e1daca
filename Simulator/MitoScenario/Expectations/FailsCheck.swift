public import MitoCore

/// `fails: Type`: the call ended with an error of this type.
public struct FailsCheck: Check, Hashable {
    public var name: String
    public var kind: Failure.Kind

    public static let key = "fails"
    public var sentence: String { "\(name) fails with \(kind.rawValue)" }

    public func judge(_ scene: Scene) -> Judgement {
        scene.endOfCall(name) { end in
            guard let kind = end.failureKind else { return .fails("\(name) returned \(end.text)") }
            return kind == self.kind ? .holds : .fails("\(name) failed: \(end.failureText)")
        }
    }
}

extension FailsCheck: CallCheck {
    private static let kinds: [Failure.Kind] = [.call, .channel, .timeout, .stream, .cancelled]
    static let subject = Key(key, .words(kinds.map(\.rawValue)), "It ended with an error of this type.")

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> FailsCheck? {
        glossary.sheet.word(item, "error", of: kinds.map(\.rawValue)).flatMap(Failure.Kind.init)
            .map { FailsCheck(name: name, kind: $0) }
    }
}

extension Event {
    /// The error that a `callEnded` stands for, which is the first word of its text; nil when the call had a value.
    var failureKind: Failure.Kind? {
        guard reason != .none else { return nil }
        return Failure.Kind(rawValue: String(text.prefix { $0 != ":" })) ?? .channel
    }

    /// What a `callEnded` says went wrong.
    var failureText: String { text.isEmpty ? "\(reason)" : text }
}
