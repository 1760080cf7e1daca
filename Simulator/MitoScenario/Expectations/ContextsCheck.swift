/// `contexts: { alive: […], exited: […], killed: […], detached: […] }`: what has become of contexts.
public struct ContextsCheck: Check, Hashable {
    public var context: String
    public var fate: Fate

    public static let key = "contexts"
    public var sentence: String { "\(context) is \(fate.rawValue)" }

    public func judge(_ scene: Scene) -> Judgement {
        guard let seen = scene.fate(of: context) else { return .fails("\(context) never came up") }
        return seen == fate ? .holds : .fails("\(context) is \(seen.rawValue)")
    }
}

/// What has become of a context.
public enum Fate: String, Hashable, Sendable, CaseIterable {
    case alive
    /// It came to its end by itself: it was asked to, or lost its parent.
    case exited
    /// It ended without a word.
    case killed
    /// It left its parent and lives on.
    case detached

    fileprivate var meaning: String {
        switch self {
        case .alive: "These are up."
        case .exited: "These ended in order, or because they lost their parent."
        case .killed: "These ended without a word."
        case .detached: "These left their parent and live on."
        }
    }
}

extension ContextsCheck: TreeCheck {
    static let subject = Key(key, .object(keys, example: "{ alive: [web] }"), "This became of contexts.")
    private static let keys = Fate.allCases.map { Key($0.rawValue, .list(.context), $0.meaning) }

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        guard let fields = Fields(item, of: "contexts", known: keys, glossary.sheet) else { return [] }
        return Fate.allCases.flatMap { fate in
            let names = fields[fate.rawValue].flatMap {
                glossary.sheet.list($0, fate.rawValue) { glossary.context($0) }
            }
            return (names ?? []).map { ContextsCheck(context: $0, fate: fate) }
        }
    }
}
