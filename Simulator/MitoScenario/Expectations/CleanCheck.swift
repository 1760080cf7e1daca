/// `clean: all`: nothing is left over. While the tree is up, no route leads to a context that is gone; after it was
/// shut down, no handle, call, waiter, timer, function, context, process or file descriptor is left.
public struct CleanCheck: Check, Hashable {
    public static let key = "clean"
    public var sentence: String { "nothing is left over" }

    public func judge(_ scene: Scene) -> Judgement {
        let left = scene.leftovers
        guard !left.isEmpty else { return .holds }
        let rest = left.count > 3 ? " and \(left.count - 3) more" : ""
        return .fails("left over: \(left.prefix(3).joined(separator: "; "))\(rest)")
    }
}

extension CleanCheck: TreeCheck {
    static let subject = Key(key, .words(["all"]), "Nothing is left over.")

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        glossary.sheet.word(item, "clean", of: ["all"]).map { _ in [CleanCheck()] } ?? []
    }
}
