import MitoCore
import MitoReport
import MitoSimulator
import MitoTrace
import Testing

@Suite struct LivelockTests {
    /// rack and db send each other the same message, each because of the other's, so many times.
    private func round(_ times: Int, _ script: inout Script) {
        var cause = script.note(.command, in: Who.rack)
        for turn in 0..<2 * times {
            let ends = turn % 2 == 0 ? (Who.rack, Who.db) : (Who.db, Who.rack)
            let mail = Script.Mail(source: ends.0, destination: ends.1, handle: .delRoute, payload: "3")
            cause = script.carry(mail, cause: cause) ?? 0
        }
    }

    @Test func `a message that goes round is a livelock, and is told with its beginning`() throws {
        var script = Script()
        round(50, &script)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.verdict == .livelock && found.because == .messageCircles)
        #expect(found.headline == "livelock: db and rack are busy without end, and nothing comes of it.")
        #expect(found.story[0].contains("the news of db that web is gone (DEL_ROUTE)"))
        #expect(found.story[0].contains("db → rack → db") && found.story[1].contains("50 times"))
    }

    @Test func `who waits meanwhile is told, too`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        round(50, &script)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.verdict == .livelock && found.waits == "web" && found.others == ["web waits for db.report"])
    }

    @Test func `a few rounds are none yet, and one that is over is none any more`() {
        var script = Script()
        round(10, &script)
        #expect(Explainer(script.trace).verdict == .atRest)
        round(50, &script)
        for _ in 0..<300 { script.note(.log, in: Who.web) }
        #expect(Explainer(script.trace).verdict == .atRest)
    }

    @Test func `a long exchange in which somebody has a say each time is none`() {
        var script = Script()
        for _ in 0..<200 {
            let call = script.call(Who.db, "echo", from: Who.web)
            script.answer(call, "1")
        }
        #expect(Explainer(script.trace).verdict == .atRest)
    }

    @Test func `a deadline that comes again and again was set once`() throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web, hasTimeout: true)
        script.timeOut(call)
        for _ in 0..<30 { script.note(.timerFired, in: Who.web) { $0.handle = call.handle } }
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.verdict == .livelock && found.because == .deadlineRepeats && found.lostAt == "web")
    }

    @Test func `deadlines that are set each time are work`() {
        var script = Script()
        for _ in 0..<60 {
            let call = script.call(Who.db, "report", from: Who.web, hasTimeout: true, stop: .ignored(at: Who.db))
            script.timeOut(call)
        }
        #expect(Explainer(script.trace, expectedTimeouts: [""]).verdict == .atRest)
    }

    @Test func `real contexts that keep each other busy are found`() throws {
        let grove = Grove(defects: ["bastion": "return-del-route", "rack": "return-del-route"])
        let chain = grove.growChain(["bastion", "rack", "db"])
        grove.simulation.kill(chain[2])
        grove.run(for: .seconds(2))
        let found = try #require(Explainer(Trace(grove.records)).explanation)
        #expect(found.verdict == .livelock && found.because == .messageCircles)
    }
}
