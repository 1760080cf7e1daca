import MitoCore
import MitoReport
import MitoTrace

/// The messages of a recorded run that a context took from a link and did nothing with, as planted bugs that make it
/// do so again.
///
/// Nobody can know the bug itself from a trace, but where a message was seen last is plain: it came in, and what must
/// follow did not.
struct SwallowedMessages: Sendable {
    /// `rack: swallow-reply-3`.
    private(set) var defects: [(String, FlowItem)] = []
    private(set) var notes: [String] = []

    init(_ recording: Recording, _ names: ImportedNames) {
        var walk = Walk(recording.trace)
        for position in recording.records.indices { walk.observe(position) }
        for context in walk.swallowed.keys.sorted() where names.has(context) && context != .master {
            let frames = walk.swallowed[context] ?? []
            guard let first = frames.first else { continue }
            let same = frames.filter { $0.kind == first.kind }
            let all = walk.counts[Walk.Kind(context: context, kind: first.kind)] == UInt64(same.count)
            let name = "swallow-\(first.kind.rawValue)" + (same.count > 1 && all ? "" : "-\(first.number)")
            defects.append((names[context], .word(name)))
            let rest = frames.count - (same.count > 1 && all ? same.count : 1)
            if rest > 0 { notes.append("\(rest) more messages that \(names[context]) took and did nothing with") }
        }
    }
}

/// Goes through the records in order, and keeps what each context could reach at the moment.
private struct Walk {
    struct Kind: Hashable {
        var context: ContextID
        var kind: FrameKind
    }

    struct Frame {
        var kind: FrameKind
        /// From 1, among all of its kind that came into its context.
        var number: UInt64
    }

    private let trace: Trace
    private let subjects: RouteSubjects
    private var routes: [ContextID: [ContextID: ContextID]] = [:]
    private(set) var counts: [Kind: UInt64] = [:]
    private(set) var swallowed: [ContextID: [Frame]] = [:]
    /// The last record of each context: after it nothing could follow.
    private var last: [ContextID: Int] = [:]

    init(_ trace: Trace) {
        self.trace = trace
        subjects = RouteSubjects(trace.tree)
        for (position, record) in trace.records.enumerated() { last[record.context] = position }
    }

    mutating func observe(_ position: Int) {
        let record = trace.records[position]
        let event = record.event
        switch event.kind {
        case .routeAdded: routes[record.context, default: [:]][event.subject] = event.link
        case .routeRemoved: routes[record.context, default: [:]][event.subject] = nil
        case .frameIn:
            let kind = FrameKind(handle: event.handle, replyTo: event.replyTo)
            let number = counts[Kind(context: record.context, kind: kind), default: 0] + 1
            counts[Kind(context: record.context, kind: kind)] = number
            guard isSwallowed(position) else { return }
            swallowed[record.context, default: []].append(Frame(kind: kind, number: number))
        default: return
        }
    }

    /// A frame that came in is delivered, dropped or passed on, always; and news of a loss takes the route away.
    private func isSwallowed(_ position: Int) -> Bool {
        let record = trace.records[position]
        let effects = trace.effects(of: position).map { trace.records[$0].event.kind }
        if effects.isEmpty { return last[record.context] != position || !trace.isGone(record.context) }
        guard record.event.handle == .delRoute, effects.contains(.delivered), !effects.contains(.dropped),
            let subject = subjects[record.event]
        else { return false }
        return routes[record.context]?[subject] == record.event.link && !effects.contains(.routeRemoved)
    }
}
