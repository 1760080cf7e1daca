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
        quiescence = Quiescence(trace, isOver: isOver)
        stalls = quiescence.verdict == .atRest ? Self.findStalls(in: trace, expecting: expectedTimeouts) : []
    }

    /// What the run has come to: `stalled` where all is at rest, but by a time-out alone.
    public var verdict: Quiescence.Verdict {
        stalls.isEmpty ? quiescence.verdict : .stalled
    }

    /// Why the first who waits waits; nil when nobody does.
    public var explanation: Explanation? {
        guard verdict.isHang else { return nil }
        if let stall = stalls.first {
            return explanation(of: stall.call, stall.diagnosis, in: trace.before(stall.end))
        }
        let graph = WaitGraph(trace)
        guard let first = graph.outermost(of: quiescence.pending) else {
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

    private func diagnose(_ call: Call, _ graph: WaitGraph) -> Diagnosis {
        let diagnosis = diagnosePeer(of: call, graph)
        let overdue = trace.overdueTimers.first {
            trace.records[$0.armed].context == call.caller && trace.records[$0.armed].event.handle == call.handle
        }
        guard let overdue else { return diagnosis }
        let wanted = trace.records[overdue.armed].event.text
        return Diagnosis(
            .deadlineMissed, at: call.caller,
            ["\(trace.wait(call)) for longer than \(wanted), and its time-out never came."] + diagnosis.story,
            evidence: diagnosis.evidence)
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
        Explanation(
            verdict: verdict, waits: moment.name(call.caller), function: call.function, on: moment.name(call.callee),
            lostAt: moment.name(diagnosis.place), because: diagnosis.cause,
            story: Array((diagnosis.story + missing(from: diagnosis)).prefix(3)), chain: diagnosis.evidence,
            others: others(but: call))
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
        return Explanation(
            verdict: verdict, waits: asker, function: "", on: String(what.split(separator: " ").last ?? "a context"),
            lostAt: trace.name(diagnosis.place), because: diagnosis.cause, story: Array(diagnosis.story.prefix(3)),
            chain: ["\(asker) began to connect \(what) \(trace.moment(position))"] + diagnosis.evidence, others: [])
    }

    /// The contexts are done, and a program waits.
    private var explanationOfProgram: Explanation? {
        let untold = trace.untold.filter(\.isWaitedFor)
        let others = untold.dropFirst().prefix(Self.othersMax).map(\.what)
        guard let first = untold.first else { return explanationOfOwnBusiness }
        let here = trace.name(trace.records[first.asked].context)
        return Explanation(
            verdict: verdict, waits: here, function: first.function, on: first.on, lostAt: here,
            because: .programNotTold,
            story: ["\(here) \(first.seen), and its program was never told."],
            chain: [trace.line(at: first.due), trace.line(at: first.asked)], others: Array(others))
    }

    private var explanationOfOwnBusiness: Explanation? {
        guard let position = trace.ownWaits.first else { return nil }
        let here = trace.name(trace.records[position].context)
        let code = trace.records[position].event.text.dropFirst(ProgramWait.Word.ownBusiness.rawValue.count + 1)
        return Explanation(
            verdict: verdict, waits: here, function: "", on: "something of its own", lostAt: here,
            because: .programWaits,
            story: ["\(code) has not ended, and waits for nothing that it asked its context for."],
            chain: [trace.line(at: position)], others: [])
    }

    private static let othersMax = 20
}
