/// `order: [NAME…]`: these came to pass in this order. A call counts from its end, anything else from when it was
/// done.
public struct OrderCheck: Check, Hashable {
    public var names: [String]

    public static let key = "order"
    public var sentence: String { "in this order: \(names.joined(separator: ", "))" }

    public func judge(_ scene: Scene) -> Judgement {
        var last: (name: String, index: Int)?
        for name in names {
            guard let point = scene.progress[name]?.happened else { return .fails("\(name) never happened") }
            if let last, last.index > point.index { return .fails("\(name) came before \(last.name)") }
            last = (name, point.index)
        }
        return .holds
    }
}

extension OrderCheck: TreeCheck {
    static let subject = Key(key, .list(.named, example: "[a, b]"), "These came in this order.")

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        guard let names = glossary.sheet.list(item, "order", { glossary.name($0) }) else { return [] }
        if names.count < 2, glossary.sheet.isEmpty { glossary.sheet.note(item.position, "an order needs two names") }
        return [OrderCheck(names: names)]
    }
}
