package import MitoCore
import MitoTrace

/// Who waits on whom: a call waits for the function that it started, which may wait for a call of its own, or for its
/// turn behind another function, which may wait in turn.
struct WaitGraph {
    /// A line of calls, each waiting for the next.
    struct Chain {
        var calls: [Call]
        /// The last one waits for the first, or for another of the line.
        var isRing = false
    }

    private let trace: Trace

    init(_ trace: Trace) { self.trace = trace }

    /// The first of these calls that no other of them waits for; the first of all where they form a ring.
    func outermost(of calls: [Call]) -> Call? {
        let inner = Set(calls.compactMap(next(after:)))
        return calls.first { !inner.contains($0) } ?? calls.first
    }

    /// The line that begins with `call`.
    func chain(from call: Call) -> Chain {
        var chain = Chain(calls: [call])
        while let next = next(after: chain.calls[chain.calls.count - 1]) {
            if chain.calls.contains(next) {
                chain.isRing = true
                return chain
            }
            chain.calls.append(next)
        }
        return chain
    }

    /// The chain in one line: `web waits for db, db waits for disk.`
    func summary(_ chain: Chain) -> String {
        chain.calls.map(trace.wait).joined(separator: ", ") + "."
    }

    func sentences(_ chain: Chain) -> [String] {
        chain.calls.map { call in
            let name = call.tag.isEmpty ? "" : " as \(call.tag)"
            return "\(trace.name(call.caller)) called \(trace.name(call.callee)).\(call.function)\(name)"
                + " \(trace.moment(call.started))"
        }
    }

    /// The call that must end before `call` can.
    private func next(after call: Call) -> Call? {
        guard trace.isPending(call), !trace.isGone(call.callee), let run = trace.run(of: call),
            trace.seen(run.ended) == nil
        else { return nil }
        let busy = trace.seen(run.started) != nil ? run : trace.busyRun(in: call.callee)
        guard let busy, let wait = busy.wait(in: trace), wait.hasPrefix("call") else { return nil }
        return trace.calls(from: call.callee).last { $0.started >= (busy.started ?? 0) && trace.isPending($0) }
    }
}

extension Trace {
    /// The calls that a context made, in that order.
    package func calls(from caller: ContextID) -> [Call] { (index.callsByCaller[caller] ?? []).map { calls[$0] } }

    /// The function that a call started, when it reached its context.
    package func run(of call: Call) -> FunctionRun? {
        let name = RunName(context: call.callee, source: call.caller, replyTo: call.handle)
        guard call.wantsReply, let run = index.runs[name].map({ invocations[$0] }), run.queued < end else { return nil }
        return run
    }

    /// The function that a context is busy with.
    func busyRun(in context: ContextID) -> FunctionRun? {
        (index.runsByContext[context] ?? []).lazy.map { invocations[$0] }
            .first { seen($0.started) != nil && seen($0.ended) == nil }
    }
}
