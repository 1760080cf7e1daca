import MitoCore
import MitoTrace

/// What a merged trace lacks: steps of a context, contexts that wrote nothing, and the sending of frames that came in.
struct Gaps {
    let notes: [String]

    init(_ records: [TraceRecord]) {
        let tree = Tree(records)
        var last: [ContextID: UInt64] = [:]
        var steps: [ContextID: (missing: UInt64, first: UInt64)] = [:]
        var sent: Set<FrameName> = []
        var unsent: [ContextID: Int] = [:]
        for record in records {
            let event = record.event
            if event.kind == .frameOut { sent.insert(FrameName(event)) }
            if event.kind == .frameIn, !sent.contains(FrameName(event)) { unsent[event.link, default: 0] += 1 }
            guard event.step != 0 else { continue }
            let before = last[record.context] ?? 0
            if event.step > before &+ 1 {
                let known = steps[record.context] ?? (0, before &+ 1)
                steps[record.context] = (known.missing &+ (event.step &- before &- 1), known.first)
            }
            last[record.context] = max(before, event.step)
        }
        var notes: [String] = []
        for context in tree.contexts {
            let name = tree.name(context)
            if !(tree.member(context)?.isTraced ?? false) { notes.append("\(name): there is no trace of it") }
            if let gap = steps[context] {
                notes.append("\(name): \(gap.missing) steps are missing, from \(gap.first) on")
            }
            if let count = unsent[context] {
                notes.append("the link of \(name): \(count) frames came in that no trace shows to have gone out")
            }
        }
        self.notes = notes
    }
}
