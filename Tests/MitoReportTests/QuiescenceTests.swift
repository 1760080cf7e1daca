import MitoCore
import MitoReport
import Testing

@Suite struct QuiescenceTests {
    @Test func `a run whose calls have ended is at rest and needs no explanation`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web, hasTimeout: true)
        script.answer(call, "42")
        #expect(Explainer(script.trace).verdict == .atRest)
        #expect(Explainer(script.trace).explanation == nil)
    }

    @Test func `a caller that was told of the loss is at rest`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master)
        let seen = script.kill(Who.db)
        let told = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        let heard = script.tell(Who.master, of: Who.db, from: Who.bastion, cause: told)
        script.end(call, .respondentLost, "ChannelError: the respondent Context has disconnected", cause: heard)
        #expect(Explainer(script.trace).verdict == .atRest)
    }

    @Test func `a caller that is gone itself waits no more`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        _ = script.kill(Who.web)
        #expect(Explainer(script.trace).verdict == .atRest)
    }

    @Test func `a set time-out makes it a matter of time`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web, hasTimeout: true, stop: .lost(from: Who.web))
        #expect(Explainer(script.trace).verdict == .onlyTimersLeft)
        #expect(Explainer(script.trace).quiescence.timers.map(\.context) == [Who.web])
    }

    @Test func `a context that is about to end keeps a run going, unless it is frozen`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web, stop: .ignored(at: Who.rack))
        #expect(Explainer(script.trace, isOver: false).verdict == .deadlock)
        script.note(.shutdownBegan, in: Who.rack)
        #expect(Explainer(script.trace, isOver: false).verdict == .running)
        script.note(.command, in: Who.rack) { ($0.subject, $0.text, $0.step) = (Who.rack, "freeze", 0) }
        #expect(Explainer(script.trace, isOver: false).verdict == .deadlock)
    }

    @Test func `a sleeping function makes it a matter of time`() throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        script.run(.waiterParked, call, "sleep 5s")
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.verdict == .onlyTimersLeft && found.because == .functionSleeps)
    }

    @Test func `a frame under way keeps a run going that is not over`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web, stop: .lost(from: Who.rack))
        #expect(Explainer(script.trace, isOver: false).verdict == .running)
        #expect(Quiescence(script.trace).underway == [FrameName(link: Who.db, upward: false, ordinal: 1)])
    }

    @Test func `a frame towards the dead is not under way`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web, stop: .lost(from: Who.rack))
        _ = script.kill(Who.db)
        #expect(Quiescence(script.trace).underway.isEmpty)
    }

    @Test(arguments: ["cut": true, "hold down": true, "cut up": false, "freeze": true] as KeyValuePairs)
    func `a frame that the world holds up does not come by itself`(deed: (key: String, value: Bool)) {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web, stop: .lost(from: Who.rack))
        script.note(.command, in: Who.db) { ($0.subject, $0.text, $0.step) = (Who.db, deed.key, 0) }
        #expect(Quiescence(script.trace).underway.isEmpty == deed.value)
        let undone = deed.key == "freeze" ? "thaw" : deed.key.hasPrefix("hold") ? "release" : "mend"
        script.note(.command, in: Who.db) { ($0.subject, $0.text, $0.step) = (Who.db, undone, 0) }
        #expect(!Quiescence(script.trace).underway.isEmpty)
    }

    @Test func `a time-out after a loss that was known is a stall`() throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master, hasTimeout: true)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        script.timeOut(call)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.verdict == .stalled && found.because == .noticeNotPassedOn && found.lostAt == "bastion")
        #expect(found.headline == "stalled: master called db.report and was woken only by its own time-out.")
    }

    @Test func `a time-out of a slow function is no stall`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master, hasTimeout: true)
        script.run(.waiterParked, call, "sleep 5s")
        script.timeOut(call)
        script.run(.waiterWoken, call, "")
        script.run(.invocationEnded, call)
        #expect(Explainer(script.trace).verdict == .atRest)
    }

    @Test func `a time-out that only beat the news is no stall`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master, hasTimeout: true)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen, stop: .lost(from: Who.rack))
        let lost = script
        script.timeOut(call)
        script.land(in: Who.bastion)
        #expect(Explainer(script.trace).verdict == .atRest)
        script = lost
        script.timeOut(call)
        #expect(Explainer(script.trace).verdict == .stalled)
    }

    @Test func `a context that never comes up is waited for`() throws {
        var script = Script()
        script.note(.connectStarted, in: Who.master) { ($0.text, $0.subject) = ("ssh db2", Who.rack) }
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.headline == "deadlock: master waits for db2, and nothing can end it.")
        #expect(found.because == .requestNotSent && found.lostAt == "master")
    }
}
