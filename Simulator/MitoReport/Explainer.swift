public import MitoCore
import MitoTrace

/// Finds out why a run hangs or stalled, from its trace alone.
///
/// It knows the protocol, not the program: which context must pass what on to whom. So it cannot know which bug was
/// planted, and finds those that nobody planted just as well.
///
///     if let explanation = Explainer(trace).explanation { print(explanation.text) }
public struct Explainer: Sendable {
    public let trace: Trace
    public let quiescence: Quiescence

    /// Looks at the end of a run that is over; with `isOver` false, at one that may go on. A call whose name in the
    /// story is among `expectedTimeouts` was meant to time out, and is no stall.
    public init(_ trace: Trace, isOver: Bool = true, expectedTimeouts: [String] = []) {
        self.trace = trace
        let quiescence = Quiescence(trace, isOver: isOver)
        self.quiescence = quiescence
        livelock = Livelock(trace)
        stalls = quiescence.verdict == .atRest ? Self.findStalls(in: trace, expecting: expectedTimeouts) : []
        let isAtRest = quiescence.verdict == .atRest && livelock == nil && stalls.isEmpty
        firstLeak = isAtRest ? LeakFinder(trace: trace).leaks.first : nil
        hopeless = quiescence.verdict == .running ? Self.findHopeless(in: trace, quiescence.pending) : nil
    }

    /// What the run has come to: `stalled` where all is at rest, but by a time-out alone; `leaked` where it is, but
    /// something outlived what it belonged to.
    public var verdict: Quiescence.Verdict {
        if livelock != nil { return .livelock }
        if !stalls.isEmpty { return .stalled }
        if let hopeless { return trace.timeOutDue(of: hopeless) == nil ? .deadlock : .onlyTimersLeft }
        return firstLeak == nil ? quiescence.verdict : .leaked
    }

    /// Why the first who waits waits, what keeps the tree busy for nothing, or what is left behind; nil when there is
    /// nothing of the kind.
    public var explanation: Explanation? {
        if let livelock { return explanation(of: livelock) }
        if let firstLeak { return explanation(of: firstLeak) }
        guard verdict.isHang else { return nil }
        if let stall = stalls.first {
            return explanation(of: stall.call, stall.diagnosis, in: trace.before(stall.end))
        }
        let graph = WaitGraph(trace)
        guard let first = hopeless ?? graph.outermost(of: quiescence.pending) else {
            return explanationOfConnect ?? explanationOfProgram
        }
        return explanation(of: first, diagnose(first, graph), in: trace)
    }

    /// Everybody who waits, or was woken only by a time-out, each with the cause.
    public var waits: [Wait] {
        let graph = WaitGraph(trace)
        let waits = quiescence.pending.map { Wait($0, diagnose($0, graph)) }
        return stalls.map { Wait($0.call, $0.diagnosis) } + waits
    }

    /// One call without an answer, and why it has none.
    public struct Wait: Hashable, Sendable {
        public var call: Call
        public var because: Explanation.Cause
        /// Where the message or the notice was last seen, or where a function does not end.
        public var place: ContextID

        init(_ call: Call, _ diagnosis: Diagnosis) {
            (self.call, because, place) = (call, diagnosis.cause, diagnosis.place)
        }
    }

    // MARK: Parts

    private struct Stall: Sendable {
        var call: Call
        var diagnosis: Diagnosis
        var end: Int
    }

    private let stalls: [Stall]
    private let livelock: Livelock?
    private let firstLeak: Leak?
    /// A call of a program that may go on, which cannot succeed whatever goes on.
    private let hopeless: Call?

    /// A call that timed out stalled when, at that moment, somebody knew that it could not succeed any more.
    private static func findStalls(in trace: Trace, expecting names: [String]) -> [Stall] {
        trace.calls.compactMap { call in
            guard call.reason == .timedOut, !names.contains(call.tag), let end = trace.seen(call.ended) else {
                return nil
            }
            // The time-out itself comes just before the end of the call, and is its cause.
            let moment = trace.before(trace.cause(of: end) ?? end)
            let diagnosis = Diagnosis(call, in: moment, whole: trace)
            guard diagnosis.cause.isProvable else { return nil }
            return Stall(call: call, diagnosis: diagnosis, end: moment.end)
        }
    }

    /// What somebody in the tree could have known for a while, and did not tell, will not be told any more.
    private static func findHopeless(in trace: Trace, _ calls: [Call]) -> Call? {
        guard trace.end > 0 else { return nil }
        let now = trace.records[trace.end - 1].event.at
        let recent = trace.records[..<trace.end].firstIndex { $0.event.at + Trace.timerSlack > now }
        let earlier = trace.before(recent ?? trace.end)
        return calls.first { call in
            guard call.started < earlier.end else { return false }
            let (then, today) = (
                Diagnosis(call, in: earlier, whole: trace), Diagnosis(call, in: trace, whole: trace)
            )
            return today.cause.isProvable && today.cause == then.cause && today.place == then.place
        }
    }

    private func diagnose(_ call: Call, _ graph: WaitGraph) -> Diagnosis {
        let diagnosis = diagnosePeer(of: call, graph)
        if let fired = trace.timeOut(of: call) {
            return Diagnosis(
                .timeOutIgnored, at: call.caller,
                ["The time-out of \(trace.name(call.caller))'s call came \(trace.moment(fired)) and did not end it."]
                    + diagnosis.story, evidence: [trace.line(at: fired)] + diagnosis.evidence, trail: diagnosis.trail)
        }
        let overdue = trace.overdueTimers.first {
            trace.records[$0.armed].context == call.caller && trace.records[$0.armed].event.handle == call.handle
        }
        guard let overdue else { return diagnosis }
        let wanted = trace.records[overdue.armed].event.text
        return Diagnosis(
            .deadlineMissed, at: call.caller,
            ["\(trace.wait(call)) for longer than \(wanted), and its time-out never came."] + diagnosis.story,
            evidence: diagnosis.evidence, trail: diagnosis.trail)
    }

    private func diagnosePeer(of call: Call, _ graph: WaitGraph) -> Diagnosis {
        let chain = graph.chain(from: call)
        guard let last = chain.calls.last else { return Diagnosis(call, in: trace, whole: trace) }
        if chain.isRing { return .ring(chain.calls, in: trace) }
        var diagnosis = Diagnosis(last, in: trace, whole: trace)
        diagnosis.evidence.insert(contentsOf: graph.sentences(chain), at: 0)
        if chain.calls.count > 1 { diagnosis.story.insert(graph.summary(chain), at: 0) }
        return diagnosis
    }

    private func explanation(of call: Call, _ diagnosis: Diagnosis, in moment: Trace) -> Explanation {
        let (waits, place) = (moment.name(call.caller), moment.name(diagnosis.place))
        let chain = WaitGraph(moment).chain(from: call)
        return Explanation(
            verdict: verdict, waits: waits, function: call.function, on: moment.name(call.callee), lostAt: place,
            because: diagnosis.cause, headline: headline(of: call, in: moment, diagnosis.cause),
            story: Array((diagnosis.story + missing(from: diagnosis)).prefix(3)),
            remedy: verdict == .stalled
                ? "the wait is over, but the next caller stalls too; restart \(place)."
                : Remedy(diagnosis, waiter: call.caller, trace: moment).text,
            chain: diagnosis.evidence, others: others(but: call),
            picture: WaitPicture(moment, waiting: chain.calls, lostAt: diagnosis.place, diagnosis.trail))
    }

    private func headline(of call: Call, in moment: Trace, _ cause: Explanation.Cause) -> String {
        let (waits, what) = (moment.name(call.caller), "\(moment.name(call.callee)).\(call.function)")
        switch verdict {
        case .stalled: return "stalled: \(waits) called \(what) and was woken only by its own time-out."
        case .onlyTimersLeft:
            guard let due = trace.timeOutDue(of: call) else {
                return "only timers left: \(waits) waits for \(what), and only time can end it."
            }
            return "only timers left: \(waits) waits for \(what), and will time out at \(due.rounded)."
        default:
            let rest = cause == .functionDoesNotEnd ? "which does not end" : "and nothing can end it"
            return "\(verdict.rawValue): \(waits) waits for \(what), \(rest)."
        }
    }

    /// What a function waits for that was lost on its way.
    private func missing(from diagnosis: Diagnosis) -> [String] {
        guard diagnosis.cause == .functionWaits else { return [] }
        return losses.filter {
            $0.kind == .message && !$0.isHarmless && trace.records[$0.position].event.destination == diagnosis.place
        }.prefix(1).map(\.text)
    }

    private func others(but explained: Call) -> [String] {
        let waiting = stalls.isEmpty ? quiescence.pending : stalls.map(\.call)
        let rest = waiting.filter { $0 != explained }
        let graph = WaitGraph(trace)
        let lines = rest.prefix(Self.othersMax).map { call in
            let diagnosis =
                stalls.first { $0.call == call }?.diagnosis ?? diagnose(call, graph)
            return "\(trace.wait(call)): \(diagnosis.cause.rawValue) at \(trace.name(diagnosis.place))"
        }
        return rest.count > Self.othersMax ? lines + ["and \(rest.count - Self.othersMax) more"] : Array(lines)
    }

    /// Nobody waits for a call, but a context does not come up.
    private var explanationOfConnect: Explanation? {
        guard let position = quiescence.connecting.first else { return nil }
        let record = trace.records[position]
        let (asker, what) = (trace.name(record.context), record.event.text)
        let diagnosis = ConnectWalk(trace: trace, position: position).diagnosis
        let wanted = String(what.split(separator: " ").last ?? "a context")
        let place = trace.name(diagnosis.place)
        return Explanation(
            verdict: verdict, waits: asker, function: "", on: wanted, lostAt: place, because: diagnosis.cause,
            headline: waitHeadline(asker, wanted), story: Array(diagnosis.story.prefix(3)),
            remedy: Remedy(diagnosis, waiter: record.context, trace: trace).text,
            chain: ["\(asker) began to connect \(what) \(trace.moment(position))"] + diagnosis.evidence, others: [],
            picture: WaitPicture(
                trace, for: .init(asker: record.context, name: wanted), lostAt: diagnosis.place, diagnosis.trail))
    }

    private func waitHeadline(_ waits: String, _ what: String) -> String {
        verdict == .onlyTimersLeft
            ? "only timers left: \(waits) waits for \(what), and only time can end it."
            : "\(verdict.rawValue): \(waits) waits for \(what), and nothing can end it."
    }

    /// The contexts are done, and a program waits.
    private var explanationOfProgram: Explanation? {
        let untold = trace.untold.filter(\.isWaitedFor)
        let others = untold.dropFirst().prefix(Self.othersMax).map(\.what)
        guard let first = untold.first else { return explanationOfOwnBusiness }
        let place = trace.records[first.asked].context
        let here = trace.name(place)
        return Explanation(
            verdict: verdict, waits: here, function: first.function, on: first.on, lostAt: here,
            because: .programNotTold,
            headline: waitHeadline(here, first.function.isEmpty ? first.on : "\(first.on).\(first.function)"),
            story: ["\(here) \(first.seen), and its program was never told."],
            remedy: Remedy(.programNotTold, at: place, waiter: place, trace: trace).text,
            chain: [trace.line(at: first.due), trace.line(at: first.asked)], others: Array(others),
            picture: WaitPicture(trace, lostAt: place, []))
    }

    private var explanationOfOwnBusiness: Explanation? {
        guard let position = trace.ownWaits.first else { return nil }
        let place = trace.records[position].context
        let here = trace.name(place)
        let code = trace.records[position].event.text.dropFirst(ProgramWait.Word.ownBusiness.rawValue.count + 1)
        return Explanation(
            verdict: verdict, waits: here, function: "", on: "something of its own", lostAt: here,
            because: .programWaits, headline: waitHeadline(here, "something of its own"),
            story: ["\(code) has not ended, and waits for nothing that it asked its context for."],
            remedy: Remedy(.programWaits, at: place, waiter: place, trace: trace).text,
            chain: [trace.line(at: position)], others: [], picture: WaitPicture(trace, lostAt: place, []))
    }

    private static let othersMax = 20
}

extension Trace {
    /// Where the time-out of a call came that has not ended.
    fileprivate func timeOut(of call: Call) -> Int? {
        guard isPending(call) else { return nil }
        return positions(of: .timerFired).first {
            $0 > call.started && records[$0].context == call.caller && records[$0].event.handle == call.handle
        }
    }

    /// When a call will time out; nil when it waits without end, or when that has passed.
    fileprivate func timeOutDue(of call: Call) -> Duration? {
        let armed = positions(of: .timerArmed).last {
            records[$0].context == call.caller && records[$0].event.handle == call.handle
        }
        guard let armed, let wait = Duration(trace: records[armed].event.text) else { return nil }
        return Duration(nanoseconds: (records[armed].event.at + wait).nanoseconds)
    }
}
