import MitoCore
import MitoReport
import Testing

@Suite struct LeakTests {
    private func leaks(_ script: Script) -> [Leak.Kind] { Explainer(script.trace).leaks.map(\.kind) }

    @Test func `a handle that its call left open is one`() throws {
        var script = Script()
        script.note(.handleAdded, in: Who.web) { $0.handle = Handle(1000) }
        let call = script.call(Who.db, "report", from: Who.web)
        script.answer(call, "42")
        #expect(leaks(script) == [.handle])
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.verdict == .leaked && found.because == .handleKept && found.lostAt == "web")
        script.note(.handleRemoved, in: Who.web) { $0.handle = Handle(1000) }
        #expect(Explainer(script.trace).verdict == .atRest)
    }

    @Test func `a deadline of a call that was answered is one`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web, hasTimeout: true)
        script.answer(call, "42")
        #expect(leaks(script) == [.deadline])
        script.note(.timerCancelled, in: Who.web) { $0.handle = call.handle }
        #expect(leaks(script) == [])
    }

    @Test func `a call that its own context outran is one`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        script.note(.contextDown, in: Who.web)
        #expect(leaks(script) == [.call])
    }

    @Test func `a route to who is known to be gone is one`() {
        var script = Script()
        script.note(.routeAdded, in: Who.rack) { ($0.subject, $0.link) = (Who.db, Who.db) }
        script.note(.contextLost, in: Who.rack) { $0.subject = Who.db }
        #expect(leaks(script) == [.route])
        script.note(.routeAdded, in: Who.rack) { ($0.subject, $0.link) = (Who.db, Who.db) }
        #expect(leaks(script) == [])
    }

    @Test func `a context that stays when its parent is gone is one, and one that was let go is none`() {
        for (reason, expected) in [(Event.Reason.none, [Leak.Kind.context]), (.askedTo, [])] {
            var script = Script()
            script.note(.linkDown, in: Who.web) { ($0.link, $0.subject, $0.reason) = (Who.web, Who.rack, reason) }
            #expect(leaks(script) == [])
            for _ in 0..<1_001 { script.note(.log, in: Who.db) }
            #expect(leaks(script) == expected)
            script.note(.shutdownBegan, in: Who.web)
            #expect(leaks(script) == [])
        }
    }

    @Test func `a hang is told before a leak`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web, hasTimeout: true)
        script.answer(call, "42")
        _ = script.call(Who.db, "report", from: Who.web, stop: .ignored(at: Who.rack))
        #expect(Explainer(script.trace).verdict == .deadlock)
        #expect(leaks(script) == [.deadline])
    }
}
