import MitoCore
import MitoReport
import MitoTrace
import Testing

@Suite struct TimeOutTests {
    @Test(arguments: [
        ("cut", "was cut at 13ms"), ("hold down", "was held at 13ms"),
    ])
    func `a request that waits at a closed link is said to`(deed: String, words: String) {
        var script = Script()
        script.world(deed, Who.rack)
        let call = script.call(Who.db, "report", from: Who.master, stop: .lost(from: Who.bastion))
        script.timeOut(call)
        #expect(
            Outlook(script.records).text == """
                at rest: nobody waits for what cannot come.
                master's call of db.report timed out at 20ms: its request waited at the link of rack, which \(words).
                """)
    }

    @Test func `a frozen relay is named, and its message is not called lost`() {
        var script = Script()
        script.world("freeze", Who.rack)
        let call = script.call(Who.db, "report", from: Who.master, stop: .lost(from: Who.bastion))
        script.timeOut(call)
        let words = "its request waited at rack, which was frozen at 13ms."
        #expect(Explainer(script.trace).losses.isEmpty)
        #expect(
            Explainer(script.trace).timeOuts.map(\.text) == ["master's call of db.report timed out at 20ms: \(words)"])
    }

    @Test func `a link that was opened again before the time-out is not blamed`() {
        var script = Script()
        script.world("cut", Who.rack)
        script.world("mend", Who.rack)
        let call = script.call(Who.db, "report", from: Who.master, stop: .lost(from: Who.bastion))
        script.timeOut(call)
        let text = Explainer(script.trace).timeOuts.map(\.text)
        #expect(
            text == [
                "master's call of db.report timed out at 21ms: its request had left bastion for rack and never came."
            ])
    }

    @Test func `a function that still runs is said to, and an answer that came too late how late`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        script.run(.waiterParked, call, "sleep 5s")
        script.timeOut(call)
        let early = Outlook(script.records).text
        #expect(early.contains("timed out at 24ms: report still ran in db, in the middle of \"sleep 5s\"."))
        script.answer(call, "42", stop: .dropped(at: Who.web, .invalidHandle))
        let text = Outlook(script.records).text
        #expect(text.contains("in the middle of \"sleep 5s\"; its answer came 6ms too late."), "\(text)")
    }

    @Test func `a call behind another function waited for its turn`() {
        var script = Script()
        _ = script.call(Who.db, "hang", from: Who.web)
        let call = script.call(Who.db, "report", from: Who.master, starts: false)
        script.timeOut(call)
        #expect(
            Explainer(script.trace).timeOuts.first?.text.hasSuffix("it waited for its turn in db behind hang.") == true)
        #expect(
            Outlook(script.records).text.contains("\n\nTimed out before:\n  master's call of db.report timed out at "))
    }

    @Test func `a stall is explained as one, and said once`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master, stop: .dropped(at: Who.rack, .badAuthority))
        script.timeOut(call)
        let text = Outlook(script.records).text
        #expect(text.hasPrefix("stalled: ") && !text.contains("timed out at"))
    }
}
