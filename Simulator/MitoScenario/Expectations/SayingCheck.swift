import MitoCore

/// `saying: text`: the error's message contains this.
public struct SayingCheck: Check, Hashable {
    public var name: String
    public var text: String

    public static let key = "saying"
    public var sentence: String { "\(name) fails saying '\(text)'" }

    public func judge(_ scene: Scene) -> Judgement {
        scene.endOfCall(name) { end in
            guard end.reason != .none else { return .fails("\(name) returned \(end.text)") }
            return end.text.contains(text) ? .holds : .fails("\(name) failed saying '\(end.text)'")
        }
    }
}

extension SayingCheck: CallCheck {
    static let subject = Key(key, .text, "This is in the error's message.")

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> SayingCheck? {
        glossary.sheet.text(item, "saying").map { SayingCheck(name: name, text: $0) }
    }
}
