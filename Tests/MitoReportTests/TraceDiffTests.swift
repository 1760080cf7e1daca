import MitoCore
import MitoReport
import MitoTrace
import Testing

@Suite struct TraceDiffTests {
    @Test func `a trace is the same as itself`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        let diff = TraceDiff(script.trace, script.trace)
        #expect(diff.isEqual && diff.text == "The traces are the same: \(script.records.count) records.")
    }

    @Test func `the first record that differs is named with its fields and its causes`() {
        var one = Script()
        var other = one
        _ = one.call(Who.db, "report", from: Who.web)
        _ = other.call(Who.db, "result", from: Who.web)
        let diff = TraceDiff(one.trace, other.trace)
        #expect(diff.common == 12)
        #expect(diff.differences == [.init(field: "text", left: "call 4 report", right: "call 4 result")])
    }

    @Test func `what led to a difference is followed across links`() {
        var one = Script()
        let call = one.call(Who.db, "report", from: Who.web)
        var other = one
        one.answer(call, "42")
        other.answer(call, "43", stop: .dropped(at: Who.rack, .noRoute))
        let diff = TraceDiff(one.trace, other.trace)
        #expect(diff.differences.map(\.field) == ["digest"])
        #expect(diff.text.hasSuffix("What led to it:\n  22ms db: invocation-ended, for web, reply to 1000, report"))
    }

    @Test func `a trace that ends early ends where the other goes on`() {
        var script = Script()
        let short = script.trace
        _ = script.call(Who.db, "report", from: Who.web)
        let diff = TraceDiff(short, script.trace)
        #expect(!diff.isEqual && diff.left == nil && diff.text.contains("left:  ends here"))
    }

    @Test func `two runs that differ in nothing but time tell one story`() {
        var one = Script()
        var other = Script()
        other.wait(.milliseconds(2))
        for call in [one.call(Who.db, "report", from: Who.web)] { one.answer(call, "42") }
        for call in [other.call(Who.db, "report", from: Who.web)] { other.answer(call, "42") }
        let diff = TraceDiff(one.trace, other.trace)
        #expect(!diff.isEqual && diff.isSameStory)
        #expect(
            diff.text == """
                The same happens in every context; only times, or the order between contexts, differ.
                The traces are the same for 12 records; then they part.
                left:  13ms web: command, call 4 report
                right: 15ms web: command, call 4 report
                  t: 13ms | 15ms
                """)
    }

    @Test func `what happens otherwise comes before what happens at another time`() {
        var one = Script()
        var other = Script()
        other.wait(.milliseconds(2))
        let (left, right) = (
            one.call(Who.db, "report", from: Who.web), other.call(Who.db, "report", from: Who.web)
        )
        one.answer(left, "42")
        other.answer(right, "42", stop: .dropped(at: Who.rack, .noRoute))
        let diff = TraceDiff(one.trace, other.trace)
        #expect(!diff.isSameStory && diff.differences.map(\.field) == ["t"])
        let lines = diff.text.split(separator: "\n")
        #expect(lines[0] == "Times aside, what happens in rack is the same for 8 records; then it parts.")
        #expect(lines[1].hasPrefix("left:  25ms rack: frame-out") && lines[2].hasPrefix("right: 27ms rack: dropped"))
        #expect(diff.text.contains("\n\nIn time they part before:\nThe traces are the same for 12 records;"))
    }

    @Test func `causes lead back to the command`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        script.answer(call, "42")
        let trace = script.trace
        let delivery = trace.records.firstIndex { $0.event.kind == .delivered && $0.context == Who.db } ?? 0
        let kinds = trace.causes(of: delivery).map { trace.records[$0].event.kind }
        #expect(kinds == [.frameIn, .frameOut, .frameIn, .frameOut, .command])
    }
}
