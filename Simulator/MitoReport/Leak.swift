public import MitoCore
import MitoTrace

/// Something that outlived what it belonged to, though nobody waits because of it: the handle or the deadline of a call
/// that has ended, a call of a context that has, a route to nowhere, a context without a parent.
///
/// It is what hangs are made of: found here before anybody waits.
///
///     for leak in Explainer(trace).leaks { print(leak.text) }
public struct Leak: Hashable, Sendable {
    public var kind: Kind
    /// The context that has it, or that it is.
    public var context: ContextID
    /// The record after which it should have been gone.
    public var position: Int
    /// The whole in one sentence.
    public var text: String

    /// What it is that outlived its owner.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case handle, deadline, call, route, context
    }

    var cause: Explanation.Cause {
        switch kind {
        case .handle: .handleKept
        case .deadline: .deadlineKept
        case .call: .callKept
        case .route: .routeKept
        case .context: .contextKept
        }
    }
}

extension Explainer {
    /// All that outlived what it belonged to, in the order in which that ended.
    public var leaks: [Leak] { LeakFinder(trace: trace).leaks }
}

/// Closes the books of every context.
struct LeakFinder {
    let trace: Trace

    var leaks: [Leak] {
        (endedCalls + endedContexts + keptRoutes + orphans).sorted {
            ($0.position, $0.context) < ($1.position, $1.context)
        }
    }

    // MARK: Calls

    /// A call closes its handle and gives its deadline up before it ends.
    private var endedCalls: [Leak] {
        let handles = openPorts(.handleAdded, closedBy: [.handleRemoved])
        let deadlines = openPorts(.timerArmed, closedBy: [.timerFired, .timerCancelled])
        return trace.calls.flatMap { call -> [Leak] in
            guard let ended = trace.seen(call.ended), !trace.isGone(call.caller) else { return [] }
            let port = PortName(call.caller, call.handle)
            let whose =
                "\(name(call.caller))'s call of \(name(call.callee)).\(call.function) ended"
                + " \(trace.moment(ended))"
            var leaks: [Leak] = []
            if handles.contains(port) {
                leaks.append(
                    Leak(
                        kind: .handle, context: call.caller, position: ended,
                        text: "\(whose), and its handle \(call.handle) is still open."))
            }
            if deadlines.contains(port) {
                leaks.append(
                    Leak(
                        kind: .deadline, context: call.caller, position: ended,
                        text: "\(whose), and its deadline is still set."))
            }
            return leaks
        }
    }

    private func openPorts(_ opening: Event.Kind, closedBy closing: [Event.Kind]) -> Set<PortName> {
        var open: Set<PortName> = []
        for position in ([opening] + closing).flatMap(trace.positions(of:)).sorted() {
            let port = PortName(trace.records[position].context, trace.records[position].event.handle)
            if trace.records[position].event.kind == opening { open.insert(port) } else { open.remove(port) }
        }
        return open
    }

    // MARK: Contexts

    /// Who ends in order ends all its calls first, so that its program learns of it.
    private var endedContexts: [Leak] {
        ownEnds.compactMap { down in
            let context = trace.records[down].context
            let open = trace.calls(from: context).first {
                $0.wantsReply && $0.started < down && trace.before(down).seen($0.ended) == nil
            }
            guard let open else { return nil }
            let call = "\(name(open.callee)).\(open.function)"
            return Leak(
                kind: .call, context: context, position: down,
                text: "\(name(context)) ended \(trace.moment(down)) while its call of \(call) was open, and its program"
                    + " was not told.")
        }
    }

    /// Where contexts said themselves that they end.
    private var ownEnds: [Int] { trace.positions(of: .contextDown).filter { trace.records[$0].event.step > 0 } }

    /// A context whose parent is gone ends; one that left its parent was let go.
    private var orphans: [Leak] {
        guard trace.end > 0 else { return [] }
        let now = trace.records[trace.end - 1].event.at
        let ending = Set(trace.positions(of: .shutdownBegan).map { trace.records[$0].context })
        return trace.positions(of: .linkDown).compactMap { position in
            let record = trace.records[position]
            guard record.event.link == record.context, record.event.reason != .askedTo,
                !ending.contains(record.context), !trace.isGone(record.context),
                record.event.at + Trace.timerSlack <= now
            else { return nil }
            return Leak(
                kind: .context, context: record.context, position: position,
                text: "\(name(record.context)) lost its parent \(trace.moment(position)) and did not end: nobody can"
                    + " reach it any more.")
        }
    }

    // MARK: Routes

    /// Who is told that a context is gone forgets the way to it.
    private var keptRoutes: [Leak] {
        let routes = RoutesAtTheEnd(trace)
        return trace.positions(of: .contextLost).compactMap { position in
            let record = trace.records[position]
            guard let added = routes.added(to: record.event.subject, in: record.context), added < position,
                !trace.isGone(record.context)
            else { return nil }
            return Leak(
                kind: .route, context: record.context, position: position,
                text:
                    "\(name(record.context)) knew \(trace.moment(position)) that \(name(record.event.subject)) is gone,"
                    + " and still has its route to it.")
        }
    }

    private func name(_ context: ContextID) -> String { trace.name(context) }
}

/// The routes of all contexts at the end of a trace, and where each was added.
private struct RoutesAtTheEnd {
    private var places: [Place: Int] = [:]

    private struct Place: Hashable {
        var context: ContextID
        var subject: ContextID
    }

    init(_ trace: Trace) {
        for position in (trace.positions(of: .routeAdded) + trace.positions(of: .routeRemoved)).sorted() {
            let record = trace.records[position]
            let place = Place(context: record.context, subject: record.event.subject)
            places[place] = record.event.kind == .routeAdded ? position : nil
        }
    }

    func added(to subject: ContextID, in context: ContextID) -> Int? {
        places[Place(context: context, subject: subject)]
    }
}
