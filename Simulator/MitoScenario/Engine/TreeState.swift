import MitoCore
import MitoReport
import MitoTrace

/// What the tree looks like at a moment, replayed from the trace.
extension Scene {
    func hasComeUp(_ name: String) -> Bool { name == "master" || chronicle.id(name).map(hasComeUp) ?? false }

    private func hasComeUp(_ id: ContextID) -> Bool {
        records.contains { $0.event.kind == .contextUp && $0.context == id }
    }

    /// The targets that a context has a route to, each with the neighbour on the way.
    func routes(of name: String) -> [String: String] {
        guard let id = chronicle.id(name) else { return [:] }
        let routes = chronicle.trace.before(records.endIndex).routes(of: id)
        // A link is named by its lower end, which sees its parent through it.
        let above = chronicle.trace.tree.parent(of: id) ?? .master
        return Dictionary(
            routes.map { (chronicle.name($0.subject), chronicle.name($0.link == id ? above : $0.link)) }
        ) { $1 }
    }

    func fate(of name: String) -> Fate? {
        guard let id = chronicle.id(name), id == .master || hasComeUp(id) else { return nil }
        return fate(of: id)
    }

    private func fate(of id: ContextID) -> Fate {
        for record in records {
            let event = record.event
            if event.kind == .contextDown, record.context == id { return .exited }
            if event.kind == .childExited, event.link == id, event.text.hasPrefix("signal") { return .killed }
            if record.isMark(of: KillWord.word, on: id) { return .killed }
            if record.isDetachment, record.context == id { return .detached }
        }
        return .alive
    }

    /// Everything that should not be there, in sentences.
    var leftovers: [String] {
        staleRoutes + Ledger(chronicle).leftovers + run.leftovers
    }

    /// Routes of living contexts to contexts that are gone.
    private var staleRoutes: [String] {
        let everybody = chronicle.contextsInOrder
        let gone = Set(everybody.filter { fate(of: $0) != .alive })
        let trace = chronicle.trace.before(records.endIndex)
        return everybody.filter { fate(of: $0) == .alive }.flatMap { id in
            // Who lives below a context that left has left with it.
            trace.routes(of: id).map(\.subject).filter(gone.subtracting(trace.tree.ancestors(of: id)).contains).sorted()
                .map { "\(chronicle.name(id))'s route to \(chronicle.name($0))" }
        }
    }

    /// How many messages of a sort were sent since the story began.
    func messages(_ pattern: MessagePattern) -> Int {
        records.dropFirst(chronicle.begin).count { pattern.matches($0, chronicle.id) }
    }
}

extension Chronicle {
    /// Every context that came up, in that order; master first.
    var contextsInOrder: [ContextID] {
        var seen: Set<ContextID> = [.master]
        var order = [ContextID.master]
        for record in run.records where record.event.kind == .contextUp && seen.insert(record.context).inserted {
            order.append(record.context)
        }
        return order
    }
}
