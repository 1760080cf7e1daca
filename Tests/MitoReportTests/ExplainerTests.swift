import MitoCore
import MitoReport
import MitoTrace
import Testing

@Suite struct ExplainerTests {
    @Test func `a relay that keeps the news of a loss to itself is found`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master)
        script.note(.routeAdded, in: Who.bastion) { ($0.subject, $0.link) = (Who.db, Who.rack) }
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "master", "report", "db", "bastion", "notice-not-passed-on"])
        #expect(
            found.text.split(separator: "\n").prefix(5) == [
                "deadlock: master waits for db.report, and nothing can end it.",
                "db was killed at 25ms.",
                "bastion was told, but did not tell master, although a parent must always be told."
                    + " It still has its route to db.",
                "So master never heard of it.",
                "What to do: kill bastion; its links break, and whoever waits across them is then told."
                    + " This also ends rack and web, which are below it.",
            ])
    }

    @Test func `a sideways caller that nobody told is explained by what it had addressed`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        _ = script.kill(Who.db)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "report", "db", "rack", "notice-not-passed-on"])
        #expect(found.story[1].contains("it had addressed db (frame 1 up the link of web)"))
    }

    @Test func `a relay that died with the message is named, and who kept quiet about it`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master, stop: .ignored(at: Who.rack))
        _ = script.kill(Who.rack)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "master", "report", "db", "bastion", "notice-not-passed-on"])
        #expect(found.story[0] == "rack was killed at 19ms, and with it the way to db.")
    }

    @Test(arguments: [
        (Script.Stop.lost(from: Who.bastion), "bastion", "request-lost-on-link"),
        (.ignored(at: Who.rack), "rack", "request-not-passed-on"),
        (.dropped(at: Who.rack, .badAuthority), "rack", "request-dropped"),
        (.ignored(at: Who.db), "db", "request-not-passed-on"),
    ])
    func `a request that came to nothing is followed to where it was last seen`(
        stop: Script.Stop, place: String, cause: String
    ) throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master, stop: stop)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "master", "report", "db", place, cause])
    }

    @Test(arguments: [
        (Script.Stop.lost(from: Who.rack), "rack", "reply-lost-on-link"),
        (.ignored(at: Who.bastion), "bastion", "reply-not-passed-on"),
        (.dropped(at: Who.bastion, .noRoute), "bastion", "reply-dropped"),
    ])
    func `a reply that came to nothing is followed too`(stop: Script.Stop, place: String, cause: String) throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master)
        script.answer(call, "42", stop: stop)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "master", "report", "db", place, cause])
    }

    @Test func `what a stranger sends to the caller's handle is no reply`() throws {
        var script = Script()
        let call = script.call(Who.db, "hang", from: Who.web)
        script.run(.waiterParked, call, "for ever")
        let stray = script.note(.command, in: Who.master) { $0.text = "send 3" }
        script.carry(
            .init(source: Who.master, destination: Who.web, handle: call.handle), cause: stray,
            stop: .dropped(at: Who.web, .unexpectedContext))
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "hang", "db", "db", "function-waits"])
    }

    @Test func `a caller that has its answer and sleeps on is found`() throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        let ended = script.run(.invocationEnded, call)
        script.carry(.init(source: Who.db, destination: Who.web, handle: call.handle), cause: ended)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "report", "db", "web", "waiter-not-woken"])
    }

    @Test func `an ended function without a reply is found`() throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        script.run(.invocationEnded, call)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "report", "db", "db", "reply-not-sent"])
    }

    @Test func `a function that waits for ever is the cause, and not the network`() throws {
        var script = Script()
        let call = script.call(Who.db, "hang", from: Who.web)
        script.run(.waiterParked, call, "for ever")
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "hang", "db", "db", "function-waits"])
        #expect(found.story == ["db.hang runs and waits: for ever."])
    }

    @Test func `a line of waiters is followed to its end`() throws {
        var script = Script()
        let outer = script.call(Who.web, "relay", from: Who.master)
        let inner = script.call(Who.db, "hang", from: Who.web)
        script.run(.waiterParked, outer, "call 4 hang")
        script.run(.waiterParked, inner, "for ever")
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "master", "relay", "web", "db", "function-waits"])
        #expect(found.story[0] == "master waits for web.relay, web waits for db.hang.")
        #expect(found.others == ["web waits for db.hang: function-waits at db"])
    }

    @Test func `a call behind a hung function waits for that function`() throws {
        var script = Script()
        let first = script.call(Who.db, "hang", from: Who.web)
        script.run(.waiterParked, first, "for ever")
        script.end(first, .cancelled, "CancelledError: the call was cancelled")
        _ = script.call(Who.db, "report", from: Who.master, starts: false)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "master", "report", "db", "db", "function-waits"])
        #expect(found.story[0] == "db runs one function after another; this call waits behind hang.")
    }

    @Test func `calls that wait for each other are a ring`() throws {
        var script = Script()
        let there = script.call(Who.db, "relay", from: Who.web)
        _ = script.call(Who.web, "relay", from: Who.db, starts: true)
        script.run(.waiterParked, there, "call 3 relay")
        let back = script.call(Who.db, "echo", from: Who.web, starts: false)
        script.note(.waiterParked, in: Who.web) { ($0.source, $0.text) = (Who.db, "call 4 echo") }
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.because == .ring && back.callee == Who.db)
    }

    @Test func `a loss that nobody saw is told apart from news that was not passed on`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        _ = script.kill(Who.db, isSeen: false)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "report", "db", "rack", "loss-unnoticed"])
    }

    @Test func `a frozen context is the cause of what it does not read`() throws {
        var script = Script()
        script.note(.command, in: Who.rack) { ($0.subject, $0.text, $0.step) = (Who.rack, "freeze", 0) }
        _ = script.call(Who.db, "report", from: Who.web, stop: .lost(from: Who.web))
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "report", "db", "rack", "context-frozen"])
    }

    @Test func `a link that is held on purpose is said to be`() throws {
        var script = Script()
        script.note(.command, in: Who.master) { ($0.subject, $0.text, $0.step) = (Who.db, "hold", 0) }
        _ = script.call(Who.db, "report", from: Who.web, stop: .lost(from: Who.rack))
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "report", "db", "rack", "request-lost-on-link"])
        #expect(found.story.last == "The link of db is held: what is on it waits.")
    }

    @Test func `what goes into a context without a trace is not known`() throws {
        var script = Script(untraced: [Who.db])
        _ = script.call(Who.db, "report", from: Who.web, stop: .lost(from: Who.rack))
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "web", "report", "db", "db", "context-not-traced"])
    }

    @Test func `a message is followed through a context without a trace, and the news up to there`() throws {
        let silent = Who.bastion
        for isTold in [true, false] {
            var script = Script()
            let up = script.note(.linkUp, in: Who.rack) { ($0.subject, $0.link) = (Who.db, Who.db) }
            script.carry(
                .init(source: Who.rack, destination: Who.bastion, handle: .addRoute, payload: "4:db"), cause: up)
            _ = script.call(Who.db, "report", from: Who.master)
            let seen = script.kill(Who.db)
            if isTold { _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen) }
            let found = try #require(Explainer(Trace(script.records.filter { $0.context != silent })).explanation)
            #expect(found.chain.contains("the request went master → bastion → rack → db and was delivered"))
            #expect(found.lostAt == (isTold ? "bastion" : "rack"))
            #expect(found.because == (isTold ? .contextNotTraced : .noticeNotPassedOn))
        }
    }

    @Test func `news that a context refused is found where it was refused`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master)
        let seen = script.kill(Who.db)
        let stop = Script.Stop.dropped(at: Who.bastion, .unexpectedSender)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen, stop: stop)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(facts(found) == ["deadlock", "master", "report", "db", "bastion", "notice-dropped"])
    }

    @Test func `the news of another loss is not taken for this one`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.web, from: Who.rack, cause: seen)
        #expect(Explainer(script.trace).explanation?.lostAt == "rack")
    }

    @Test func `an explanation is one JSON object`() throws {
        var script = Script()
        let call = script.call(Who.db, "hang", from: Who.web)
        script.run(.waiterParked, call, "for \"ever\"")
        let found = try #require(Explainer(script.trace).explanation)
        #expect(
            found.json.hasPrefix(
                #"{"verdict":"deadlock","waits":"web","function":"hang","on":"db","lost-at":"db","#
                    + #""because":"function-waits","headline":"deadlock: web waits for db.hang, and nothing can end"#
                    + #" it.","story":["db.hang runs and waits: for \"ever\"."],"remedy":"look what db is doing"#))
    }

    private func facts(_ found: Explanation) -> [String] {
        [found.verdict.rawValue, found.waits, found.function, found.on, found.lostAt, found.because.rawValue]
    }
}
