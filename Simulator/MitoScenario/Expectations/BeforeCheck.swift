import MitoCore

/// `before: timeout`: the call ended by itself, and not because its time was over.
public struct BeforeCheck: Check, Hashable {
    public var name: String

    public static let key = "before"
    public var sentence: String { "\(name) ends before its time-out" }

    public func judge(_ scene: Scene) -> Judgement {
        scene.endOfCall(name) { end in
            end.reason == .timedOut ? .fails("\(name) was ended by its time-out") : .holds
        }
    }
}

extension BeforeCheck: CallCheck {
    static let subject = Key(key, .words(["timeout"]), "It ended by itself, not by its time-out.")

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> BeforeCheck? {
        glossary.sheet.word(item, "before", of: ["timeout"]).map { _ in BeforeCheck(name: name) }
    }
}
