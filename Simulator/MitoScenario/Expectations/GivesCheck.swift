/// `gives: NAME`: that came first of what a select waited for.
public struct GivesCheck: Check, Hashable {
    public var name: String
    public var given: String

    public static let key = "gives"
    public var sentence: String { "\(name) gives \(given)" }

    public func judge(_ scene: Scene) -> Judgement {
        guard let facts = scene.progress[name] else { return .fails("\(name) never began") }
        guard let seen = facts.given else { return .fails("\(name) gave nothing") }
        return seen == given ? .holds : .fails("\(name) gave \(seen)")
    }
}

extension GivesCheck: CallCheck {
    static let subject = Key(key, .named, "This came first.")

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> GivesCheck? {
        glossary.name(item).map { GivesCheck(name: name, given: $0) }
    }

    static func fits(_ kind: Glossary.Kind) -> Bool {
        if case .select = kind { true } else { false }
    }
}
