import MitoCore
import MitoReport
import MitoTrace
import Testing

@Suite struct HostileTraceTests {
    @Test(arguments: 0..<30) func `a trace that makes no sense is read without a trap`(seed: UInt64) {
        var source = NonsenseSource(state: seed)
        let trace = Trace((0..<300).map { _ in source.next() })
        let explainer = Explainer(trace)
        #expect(explainer.explanation == nil || explainer.verdict.isHang || explainer.verdict == .leaked)
        let outlook = Outlook(trace.records, reach: seed % 2 == 0 ? .end : .soFar)
        #expect(!outlook.text.isEmpty && !outlook.json.isEmpty && !outlook.mermaid.isEmpty)
        #expect(Transcript(trace, times: true).lines.count <= 2 * trace.records.count + 20)
        for call in trace.calls { _ = (trace.request(of: call), trace.replies(to: call)) }
    }

    @Test func `an empty trace is at rest and has no story`() {
        #expect(Explainer(Trace([])).verdict == .atRest)
        #expect(Transcript(Trace([])).lines.isEmpty)
    }
}

/// Records whose fields meet each other often, since all are drawn from a few numbers.
private struct NonsenseSource {
    var state: UInt64

    mutating func next() -> TraceRecord {
        var event = Event(Event.Kind.allCases[below(Event.Kind.allCases.count)])
        event.reason = Event.Reason.allCases[below(Event.Reason.allCases.count)]
        event.upward = below(2) == 0
        event.at = Instant(nanoseconds: below(9) == 0 ? .min : Int64(below(1000)))
        (event.step, event.cause, event.ordinal) = (UInt64(below(40)), UInt64(below(40)), UInt64(below(5)))
        (event.link, event.subject) = (context(), context())
        (event.source, event.destination, event.authority) = (context(), context(), context())
        let handles = [0, 101, 104, 999, 1000, 1001].map { Handle($0) }
        (event.handle, event.replyTo) = (handles[below(handles.count)], handles[below(handles.count)])
        let texts = ["", "kill", "freeze", "sleep 1s", "call 2 f", "for ever", "shutdown 3", "signal 9"]
        event.text = texts[below(texts.count)]
        return TraceRecord(index: 0, context: context(), event: event, hash: 0)
    }

    private mutating func context() -> ContextID { ContextID(UInt32(below(5))) }

    private mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
