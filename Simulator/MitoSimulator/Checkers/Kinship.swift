import MitoCore
import MitoTrace

/// Who is below whom, and who is still there, as far as the records have told.
struct Kinship: Sendable {
    private struct Member: Sendable {
        var parent: ContextID?
        var isTraced = false
        var isUp = false
        var isGone = false
        /// Its parent sees it no more.
        var isCutOff = false
    }

    init() {
        members[.master] = Member(isUp: true)
        contexts = [.master]
    }

    /// Everybody who was ever mentioned as a part of the tree, in the order of mention.
    private(set) var contexts: [ContextID]

    mutating func observe(_ record: TraceRecord) {
        let event = record.event
        if members[record.context]?.isTraced != true { change(record.context) { $0.isTraced = true } }
        switch event.kind {
        case .launchStarted: change(event.subject) { $0.parent = record.context }
        case .contextUp: change(record.context) { $0.isUp = true }
        case .contextDown: change(record.context) { $0.isGone = true }
        case .launchFailed, .childExited: change(event.subject) { $0.isGone = true }
        case .linkDown where event.subject == event.link: change(event.subject) { $0.isCutOff = true }
        case .command: if let victim = record.victim { change(victim) { $0.isGone = true } }
        default: break
        }
    }

    func parent(of context: ContextID) -> ContextID? { members[context]?.parent }

    /// Did it come up, and was it not seen to end since?
    func isHere(_ context: ContextID) -> Bool {
        guard let member = members[context] else { return false }
        return member.isUp && !member.isGone
    }

    func isGone(_ context: ContextID) -> Bool { members[context]?.isGone ?? false }

    /// Has it written a record? What a context without any does is not known.
    func isTraced(_ context: ContextID) -> Bool { members[context]?.isTraced ?? false }

    /// Is there a living link between it and its parent?
    func isConnected(_ context: ContextID) -> Bool {
        guard let member = members[context], let parent = member.parent else { return false }
        return !member.isCutOff && isHere(context) && isHere(parent)
    }

    /// Is `context` the top of a branch, or in it?
    func isBelow(_ top: ContextID, _ context: ContextID) -> Bool {
        var here = context
        // A trace that lies may show a ring: no line is longer than there are contexts.
        for _ in 0...contexts.count {
            if here == top { return true }
            guard let next = members[here]?.parent else { return false }
            here = next
        }
        return false
    }

    private var members: [ContextID: Member] = [:]

    private mutating func change(_ context: ContextID, _ body: (inout Member) -> Void) {
        if members[context] == nil { contexts.append(context) }
        body(&members[context, default: Member()])
    }
}

extension TraceRecord {
    /// Whose process the world ended here, with no farewell.
    var victim: ContextID? {
        guard event.step == 0 else { return nil }
        switch event.kind {
        case .command where event.text == "kill" || event.text == "restart": return event.subject
        case .contextDown: return context
        default: return nil
        }
    }
}
