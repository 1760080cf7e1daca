/// `routes: { rack: { has: […], lacks: […], via: { db: web } } }`: what a context's route table says.
public struct RoutesCheck: Check, Hashable {
    public enum Claim: Hashable, Sendable {
        case has(String)
        case lacks(String)
        /// The first step on the way to the first is the second.
        case leads(String, via: String)
    }

    public var context: String
    public var claim: Claim

    public static let key = "routes"

    public var sentence: String {
        switch claim {
        case .has(let target): "\(context) has a route to \(target)"
        case .lacks(let target): "\(context) has no route to \(target)"
        case .leads(let target, let via): "\(context)'s route to \(target) leads through \(via)"
        }
    }

    public func judge(_ scene: Scene) -> Judgement {
        guard scene.hasComeUp(context) else { return .fails("\(context) never came up") }
        let routes = scene.routes(of: context)
        switch claim {
        case .has(let target):
            return routes[target] != nil ? .holds : .fails("\(context) has no route to \(target)")
        case .lacks(let target):
            return routes[target] == nil ? .holds : .fails("\(context) still has a route to \(target)")
        case .leads(let target, let via):
            guard let seen = routes[target] else { return .fails("\(context) has no route to \(target)") }
            return seen == via ? .holds : .fails("\(context)'s route to \(target) leads through \(seen)")
        }
    }
}

extension RoutesCheck: TreeCheck {
    static let subject = Key(
        key, .names(.object(keys), example: "{ rack: { lacks: [db] } }"), "What route tables say.")
    private static let keys = [
        Key("has", .list(.context), "There is a route to these."),
        Key("lacks", .list(.context), "There is none to these."),
        Key("via", .names(.context, example: "{ db: rack }"), "The first step on the way to each."),
    ]

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        guard case .map(let entries) = item.content else {
            return glossary.sheet.mismatch(item, "routes", "a mapping of contexts to claims") ?? []
        }
        return entries.flatMap { entry -> [any Check] in
            guard let context = glossary.context(entry.key, at: entry.position),
                let fields = Fields(entry.value, of: "routes", known: keys, glossary.sheet)
            else { return [] }
            let has = fields["has"].flatMap { glossary.sheet.list($0, "has") { glossary.context($0) } } ?? []
            let lacks = fields["lacks"].flatMap { glossary.sheet.list($0, "lacks") { glossary.context($0) } } ?? []
            let claims = has.map(Claim.has) + lacks.map(Claim.lacks) + readVia(fields, glossary)
            return claims.map { RoutesCheck(context: context, claim: $0) }
        }
    }

    private static func readVia(_ fields: Fields, _ glossary: Glossary) -> [Claim] {
        guard let item = fields["via"] else { return [] }
        guard case .map(let entries) = item.content else {
            return glossary.sheet.mismatch(item, "via", "a mapping of targets to neighbours") ?? []
        }
        return entries.compactMap { entry in
            guard let target = glossary.context(entry.key, at: entry.position),
                let via = glossary.context(entry.value)
            else { return nil }
            return .leads(target, via: via)
        }
    }
}
