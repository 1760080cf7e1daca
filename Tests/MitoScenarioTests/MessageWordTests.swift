import MitoCore
import MitoTrace
import Testing

@testable import MitoScenario

/// What a story makes contexts do beside calling: the same comes of it in both worlds.
struct MessageWordTests {
    private func expectPass(_ story: String, _ expect: String) throws {
        let scenario = try Fixtures.scenario(story: story, expect: expect)
        for verdict in verdicts(scenario) {
            #expect(verdict.outcome == .passed, "\(verdict.ending) \(verdict.misses) \(verdict.explanation as Any)")
        }
    }

    @Test func `a message comes to a receiver that the story opened`() throws {
        try expectPass(
            """
            [ { receive: web, handle: 500, as: inbox },
              { send: web, handle: 500, value: 7, from: db, after: { inbox: running }, as: gift },
              { send: web, handle: 500, value: [8], after: { inbox: running } },
              { select: [inbox], after: { inbox: running }, as: first },
              { select: [inbox], after: { first: ended }, as: second } ]
            """,
            """
            [ { inbox: { items: 2 } }, { second: { gives: inbox } }, { order: [gift, first, second] },
              { messages: { handle: 500, from: db, to: web, count: 1 } }, { clean: all } ]
            """)
    }

    @Test func `a message to a handle that nobody opened is dropped`() throws {
        let scenario = try Fixtures.scenario(story: "[ { send: web, handle: 600, value: 7, from: db } ]")
        let run = SimWorld.run(scenario, seed: 1)
        #expect(run.records.contains { $0.event.kind == .dropped && $0.event.reason == .invalidHandle })
        #expect(Verdict(of: scenario, in: run).outcome == .passed)
    }

    @Test func `a select gives what comes first, and each result once`() throws {
        try expectPass(
            """
            [ { call: web.sleep, args: [300ms], as: slow, timeout: 10s }, { call: db.echo, args: [1], as: quick },
              { select: [slow, quick], as: first },
              { select: [slow, quick], after: { first: ended }, as: second } ]
            """,
            """
            [ { first: { gives: quick } }, { second: { gives: slow, within: 5s of slow } },
              { order: [quick, first, slow, second] }, { clean: all } ]
            """)
    }

    @Test func `a context other than master selects among its calls`() throws {
        try expectPass(
            """
            [ { call: db.sleep, args: [1s], from: web, as: slow, timeout: 300ms },
              { call: db.echo, from: web, as: behind, timeout: 10s },
              { select: [behind, slow], from: web, as: first } ]
            """, "[ { first: { gives: slow, took: 0s..2s } }, { order: [first, behind] } ]")
    }

    @Test func `items stream to the context that asked for them`() throws {
        try expectPass(
            """
            [ { stream: db.tail, from: web, args: [20], as: s, timeout: 10s }, { select: [s], as: first } ]
            """,
            """
            [ { s: { items: 20, returns: 20, path: [web, master, db] } }, { first: { gives: s } },
              { order: [first, s] }, { clean: all } ]
            """)
    }

    @Test func `a call that is given up ends at once`() throws {
        try expectPass(
            """
            [ { call: db.sleep, args: [1s], from: web, as: x }, { cancel: x, after: { x: running }, as: change } ]
            """,
            "[ { x: { fails: CancelledError, within: 500ms of change } }, { clean: all } ]")
    }

    @Test func `a context that detaches lives on, and its tree with it`() throws {
        let scenario = try Fixtures.scenario(
            """
            mitoscope: 1
            title: t
            contexts: { web: {}, db: { via: web } }
            story:
              - { call: db.sleep, args: [5s], as: x, timeout: 10s }
              - { detach: web, after: { x: running }, as: farewell }
            expect:
              - x: { fails: ChannelError, within: 1s of farewell }
              - farewell: { took: 0s..1s }
              - contexts: { detached: [web], alive: [db, master] }
              - routes: { master: { lacks: [web, db] }, web: { has: [db] } }
              - clean: all
            """)
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
        let told = Telling.transcript(of: SimWorld.run(scenario, seed: 1).records, times: false)
        #expect(told.contains("web leaves master and lives on"))
        #expect(!told.contains { $0.contains("breaks") })
    }

    @Test func `a line of a log comes to the root, and one below its level does not`() throws {
        try expectPass(
            "[ { log: web, text: half done }, { log: master, text: waiting, level: warning } ]",
            "[ { logs: { context: web, saying: half } }, { logs: { context: master, saying: waiting } } ]")
        let silent = try Fixtures.scenario(
            story: "[ { log: web, text: half done, level: debug } ]",
            expect: "[ { logs: { context: web, saying: half } } ]")
        for verdict in verdicts(silent) {
            #expect(verdict.misses.map(\.seen) == ["'story: half done' never came to master"])
        }
    }

    @Test func `a check holds at its moment, whatever comes later`() throws {
        try expectPass(
            """
            [ { check: { routes: { master: { has: [db] } } } }, { call: db.echo, args: [1], as: x },
              { check: { x: { returns: 1 } }, after: { x: ended } }, { kill: db, after: { x: ended }, as: death },
              { check: { contexts: { killed: [db] } }, after: { death: ended } } ]
            """, "[ { routes: { master: { lacks: [db] } } } ]")
    }

    @Test func `a check fails of what comes true only later`() throws {
        let scenario = try Fixtures.scenario(
            story: """
                [ { call: db.sleep, args: [200ms], as: x },
                  { check: { x: { returns: null } }, after: { x: running } } ]
                """)
        for verdict in verdicts(scenario) {
            #expect(verdict.misses.map(\.seen) == ["x never ended"], "\(verdict)")
            #expect(verdict.misses.first?.position.line == 5)
        }
    }

    @Test func `a context that another one spawned is one of the story`() throws {
        try expectPass(
            """
            [ { call: web.spawn, args: [kid], as: birth, timeout: 10s },
              { call: kid.add, args: [1, 2], from: db, after: { birth: ended }, as: x, timeout: 10s },
              { kill: kid, after: { x: ended } } ]
            """,
            """
            [ { x: { returns: 3, path: [db, master, web, kid] } }, { contexts: { killed: [kid] } }, { clean: all } ]
            """)
    }

    @Test func `what works on a host is told with real processes`() throws {
        let scenario = try Fixtures.scenario(
            story: "[ { call: db.run, args: [echo, hello], as: x, timeout: 10s } ]",
            expect: "[ { x: { returns: { status: 0, output: \"hello\\n\" } } }, { clean: all } ]")
        #expect(scenario.worlds == [.live, .lab])
        let verdict = Verdict(of: scenario, in: LiveWorld.run(scenario, seed: 1, Shipped.live))
        #expect(verdict.outcome == .passed, "\(verdict)")
    }

    @Test func `a line waits for several others, and shortly written`() throws {
        try expectPass(
            """
            [ { call: db.sleep, args: [200ms], as: a, timeout: 10s }, { call: web.echo, as: b },
              { call: web.echo, after: [b, a], as: c }, { call: web.echo, after: c, as: d },
              { kill: web, after: { c: ended, d: ended }, as: death } ]
            """, "[ { order: [b, a, c, d, death] }, { clean: all } ]")
    }

    @Test func `a call is relayed to contexts by their names`() throws {
        try expectPass(
            """
            [ { connect: late, as: c },
              { call: web.relay, args: [db, relay, late, add, 1, 2], after: c, as: x, timeout: 10s } ]
            """, "[ { x: { returns: 3 } }, { clean: all } ]")
    }

    @Test func `a story may be expected to reach its limit`() throws {
        let text = """
            mitoscope: 1
            title: t
            limit: 300ms
            contexts: { db: {} }
            story: [ { call: db.sleep, args: [2s], as: x } ]
            expect: [ { outcome: limit } ]
            """
        for verdict in verdicts(try Fixtures.scenario(text)) { #expect(verdict.outcome == .passed, "\(verdict)") }
        let sooner = text.replacing("args: [2s]", with: "args: [1ms]")
        for verdict in verdicts(try Fixtures.scenario(sooner)) { #expect(verdict.outcome == .failed, "\(verdict)") }
    }

    @Test func `messages of every kind are counted`() throws {
        let scenario = try Fixtures.scenario(
            story: "[ { connect: late, via: web, as: c }, { detach: db, after: c } ]",
            expect: """
                [ { messages: { kind: allocate-id, count: 0.. } },
                  { messages: { kind: detaching, from: db, count: 1 } },
                  { messages: { kind: add-route, from: web, count: 1.. } } ]
                """)
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
    }

    @Test func `what is no call can be timed too`() throws {
        try expectPass("[ { shutdown: db, as: stop } ]", "[ { stop: { took: 0s..4s } } ]")
    }
}
