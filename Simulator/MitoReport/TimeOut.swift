import MitoCore
import MitoTrace

/// A call that ended by its time-out, and where its request or its answer was at that moment.
///
/// It need be no stall: of a cut link, a frozen relay or a slow function nobody can tell that nothing will come.
///
///     for timeOut in Explainer(trace).timeOuts { print(timeOut.text) }
public struct TimeOut: Hashable, Sendable {
    public var call: Call
    /// The whole in one sentence.
    public var text: String
}

extension Explainer {
    /// The calls that ended by their time-out, in the order in which they began.
    public var timeOuts: [TimeOut] {
        trace.calls.compactMap { call in
            guard call.reason == .timedOut, let ended = trace.seen(call.ended) else { return nil }
            return TimeOut(call: call, text: TimeOutWords(call, ended: ended, in: trace).sentence)
        }
    }
}

/// Looks for what a call waited for when its time was over.
private struct TimeOutWords {
    let call: Call
    let ended: Int
    let whole: Trace
    /// The run as it stood just before the time-out, which is the cause of the call's end.
    let then: Trace

    init(_ call: Call, ended: Int, in trace: Trace) {
        self.call = call
        self.ended = ended
        whole = trace
        then = trace.before(trace.cause(of: ended) ?? ended)
    }

    var sentence: String {
        "\(name(call.caller))'s call of \(name(call.callee)).\(call.function) timed out \(whole.moment(ended)):"
            + " \(whereabouts)\(late)."
    }

    // MARK: At that moment

    private var whereabouts: String {
        if let reply = then.replies(to: call).last { return place(of: "its answer", reply) }
        let request = then.request(of: call)
        return request.isDelivered ? work : place(of: "its request", request)
    }

    private func place(of what: String, _ journey: Journey) -> String {
        switch journey.end {
        case .unsent(let place): return "\(what) had not left \(name(place))"
        case .delivered(let place): return "\(what) had come to \(name(place))"
        case .dropped(let place, let reason): return "\(name(place)) had given \(what) up (\(reason.word))"
        case .vanished(let place):
            return frozen(place).map { "\(what) was in \($0)" } ?? loss
                ?? "\(what) had come into \(name(place)) and went no further"
        case .underway(let frame, let from, let to):
            if let closed = then.closingDeed(of: frame) {
                let isHeld = then.records[closed].event.deed == "hold"
                return "\(what) waited at the link of \(name(frame.link)), which was \(isHeld ? "held" : "cut")"
                    + " \(then.moment(closed))"
            }
            if let frozen = frozen(to) { return "\(what) waited at \(frozen)" }
            if then.isTraced(to), let loss { return loss }
            let way = "\(what) had left \(name(from)) for \(name(to))"
            if !then.isTraced(to) { return "\(way), which writes no trace" }
            return whole.passage(frame).in == nil
                ? "\(way) and never came" : "\(what) was on its way from \(name(from)) to \(name(to))"
        }
    }

    /// What the callee did with the request.
    private var work: String {
        if let loss { return loss }
        let callee = name(call.callee)
        guard let run = then.run(of: call) else {
            return frozen(call.callee).map { "its request was in \($0)" }
                ?? "\(callee) had its request and had started nothing"
        }
        if then.seen(run.ended) != nil { return "\(call.function) had ended, and no answer had left \(callee)" }
        if let frozen = frozen(call.callee) { return "\(call.function) was in \(frozen)" }
        guard then.seen(run.started) != nil else {
            let busy = then.busyRun(in: call.callee).map { " behind \($0.function)" } ?? ""
            return "it waited for its turn in \(callee)\(busy)"
        }
        let wait = run.wait(in: then).map { ", in the middle of \"\($0)\"" } ?? ""
        return "\(call.function) still ran in \(callee)\(wait)"
    }

    /// Who was lost on the way, though the caller had not heard of it.
    private var loss: String? {
        then.lost(between: call.caller, and: call.callee).map {
            "\(name($0)) was lost, and \(name(call.caller)) had not been told"
        }
    }

    private func frozen(_ context: ContextID) -> String? {
        guard then.isFrozen(context), let deed = then.lastDeedPosition(to: context, among: ["freeze"]) else {
            return nil
        }
        return "\(name(context)), which was frozen \(then.moment(deed))"
    }

    // MARK: Afterwards

    /// What came when nobody waited any more.
    private var late: String {
        let arrivals = whole.replies(to: call).compactMap(\.records.last).filter {
            $0 > ended && whole.records[$0].context == call.caller
        }
        guard let arrival = arrivals.min() else { return "" }
        let delay = whole.records[arrival].event.at - whole.records[ended].event.at
        let what = then.replies(to: call).isEmpty ? "its answer" : "it"
        return "; \(what) came \(delay.rounded) too late"
    }

    private func name(_ context: ContextID) -> String { whole.name(context) }
}
