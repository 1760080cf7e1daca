/// `path: [web, rack, db]`: the contexts that the call's request passed, from the caller on.
public struct PathCheck: Check, Hashable {
    public var name: String
    public var path: [String]

    public static let key = "path"
    public var sentence: String { "\(name) goes \(path.joined(separator: " → "))" }

    public func judge(_ scene: Scene) -> Judgement {
        guard let seen = scene.requestPath(of: name) else { return .fails("\(name) was never called") }
        return seen == path ? .holds : .fails("\(name) went \(seen.joined(separator: " → "))")
    }
}

extension PathCheck: CallCheck {
    static let subject = Key(
        key, .list(.context), "The contexts that its request passed, the caller first.", example: "[master, web]")

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> PathCheck? {
        glossary.sheet.list(item, "path") { glossary.context($0) }.map { PathCheck(name: name, path: $0) }
    }
}
