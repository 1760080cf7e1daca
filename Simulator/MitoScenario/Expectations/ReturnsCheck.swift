public import MitoCore

/// `returns: v`: the call had this value.
public struct ReturnsCheck: Check, Hashable {
    public var name: String
    public var value: Value

    public static let key = "returns"
    public var sentence: String { "\(name) returns \(value)" }

    public func judge(_ scene: Scene) -> Judgement {
        scene.endOfCall(name) { end in
            guard end.reason == .none else { return .fails("\(name) failed: \(end.failureText)") }
            return end.text == value.description(limit: 200) ? .holds : .fails("\(name) returned \(end.text)")
        }
    }
}

extension ReturnsCheck: CallCheck {
    static let subject = Key(key, .value, "It had this value.")

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> ReturnsCheck? {
        glossary.sheet.value(item).map { ReturnsCheck(name: name, value: $0) }
    }
}
