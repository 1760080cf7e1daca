import MitoCore
public import MitoTrace

/// At rest every context has a route to everybody below it, through the right link, and to nobody else.
public struct RoutesConverge: Checker {
    public let invariant = Invariant.routesConverge

    public init() {}

    public mutating func observe(_ record: TraceRecord) {
        kinship.observe(record)
        last = record
        if let victim = record.victim { return routes[victim] = nil }
        let event = record.event
        switch event.kind {
        case .routeAdded:
            if let link = routes[record.context]?.updateValue(event.link, forKey: event.subject) {
                findings.add("\(event.subject) is reached through \(link) already", by: record)
            }
            if routes[record.context] == nil { routes[record.context] = [event.subject: event.link] }
        case .routeRemoved:
            if routes[record.context]?.removeValue(forKey: event.subject) != event.link {
                findings.add("took away a route to \(event.subject) that it did not have", by: record)
            }
        case .contextDown: routes[record.context] = nil
        case .childExited: routes[event.subject] = nil
        default: break
        }
    }

    public mutating func rested() {
        var expected: [ContextID: Int] = [:]
        for context in kinship.contexts where kinship.isConnected(context) && kinship.isTraced(context) {
            for (ancestor, link) in ancestors(of: context) where kinship.isTraced(ancestor) {
                expected[ancestor, default: 0] += 1
                if routes[ancestor]?[context] != link { complain(of: ancestor, context, link) }
            }
        }
        for context in kinship.contexts where kinship.isHere(context) {
            guard routes[context]?.count ?? 0 > expected[context] ?? 0 else { continue }
            for subject in routes[context]?.keys.sorted() ?? [] where !isRightlyKnown(subject, to: context) {
                let why = kinship.isGone(subject) ? "is gone" : "is not below it"
                add("it has a route to \(subject), which \(why)", in: context)
            }
        }
    }

    public mutating func finish() -> [Violation] {
        rested()
        return findings.take()
    }

    // MARK: Parts

    private var kinship = Kinship()
    /// By context, then by who is reached: the lower end of the link.
    private var routes: [ContextID: [ContextID: ContextID]] = [:]
    private var last: TraceRecord?
    private var findings = Findings(.routesConverge)

    /// Everybody above `context` as far as links live, and the link that leads down from there.
    private func ancestors(of context: ContextID) -> [(context: ContextID, link: ContextID)] {
        var line: [(context: ContextID, link: ContextID)] = []
        var here = context
        while kinship.isConnected(here), let parent = kinship.parent(of: here), line.count < kinship.contexts.count {
            line.append((parent, here))
            here = parent
        }
        return line
    }

    private func isRightlyKnown(_ subject: ContextID, to context: ContextID) -> Bool {
        // Whoever writes no trace cannot be seen to end.
        if !kinship.isTraced(subject) && !kinship.isGone(subject) { return true }
        return ancestors(of: subject).contains { $0.context == context }
    }

    private mutating func complain(of ancestor: ContextID, _ context: ContextID, _ link: ContextID) {
        let wrong = routes[ancestor]?[context].map { "it reaches \(context) through \($0)" }
        add("\(wrong ?? "it has no route to \(context)") instead of through \(link)", in: ancestor)
    }

    private mutating func add(_ what: String, in context: ContextID) {
        findings.add(what, in: context, last?.index ?? 0, last?.event.at ?? .start)
    }
}
