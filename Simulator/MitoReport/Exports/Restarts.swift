import MitoCore
import MitoTrace

/// Who was started again as whom: a context keeps its name and its place in a picture, and gets a new id.
struct Restarts {
    private var successors: [ContextID: ContextID] = [:]
    private var predecessors: [ContextID: ContextID] = [:]

    init(_ trace: Trace) {
        let arrivals = trace.positions(of: .contextUp)
        for position in trace.positions(of: .command) {
            let event = trace.records[position].event
            guard event.isOfTheWorld, event.deed == "restart", successors[event.subject] == nil else { continue }
            let next = arrivals.lazy.filter { $0 > position }.map { trace.records[$0].context }.first { context in
                context > event.subject && predecessors[context] == nil
                    && trace.name(context) == trace.name(event.subject)
                    && trace.tree.parent(of: context) == trace.tree.parent(of: event.subject)
            }
            guard let next else { continue }
            successors[event.subject] = next
            predecessors[next] = event.subject
        }
    }

    /// Was it started in place of another?
    func isSuccessor(_ context: ContextID) -> Bool { predecessors[context] != nil }

    /// The one that was there at first. Ids only grow from one to the next, so that this comes to an end.
    func first(of context: ContextID) -> ContextID {
        var first = context
        while let before = predecessors[first] { first = before }
        return first
    }

    /// The context and all that were started in its place, one after another.
    func line(from context: ContextID) -> [ContextID] {
        var line = [context]
        while let next = successors[line[line.count - 1]] { line.append(next) }
        return line
    }
}
