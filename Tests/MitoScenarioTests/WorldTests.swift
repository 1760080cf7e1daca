import MitoCore
import Testing

@testable import MitoScenario

/// Words and endings that no lesson shows, told by every world in the same way.
struct WorldTests {
    @Test func `a story connects a context that was not there`() throws {
        let scenario = try Fixtures.scenario(
            story: """
                [ { connect: late, via: web, functions: { seven: [ { return: 7 } ] }, as: arrival },
                  { call: late.seven, after: { arrival: ended }, as: x, timeout: 10s },
                  { kill: late, after: { x: ended } } ]
                """,
            expect:
                "[ { x: { returns: 7, path: [master, web, late] } }, { contexts: { killed: [late] } }, { clean: all } ]"
        )
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
    }

    @Test func `a stream's items are counted`() throws {
        let scenario = try Fixtures.scenario(
            story: "[ { stream: db.tail, args: [50], as: s, timeout: 10s } ]",
            expect: "[ { s: { items: 50, returns: 50 } }, { clean: all } ]")
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
    }

    @Test func `a function calls one of a context that is up before it`() throws {
        let scenario = try Fixtures.scenario(
            """
            mitoscope: 1
            title: t
            contexts:
              db: {}
              web: { functions: { ask: [ { call: db.add, args: [1, 2] } ] } }
            story: [ { call: web.ask, as: x, timeout: 10s } ]
            expect: [ { x: { returns: 3 } }, { clean: all } ]
            """)
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
    }

    @Test func `calls of one chain share its first failure`() throws {
        let scenario = try Fixtures.scenario(
            story: """
                [ { call: db.fail, args: [broken], chain: c, as: x, timeout: 10s },
                  { call: db.echo, args: [1], chain: c, as: y, timeout: 10s },
                  { call: db.echo, args: [1], as: z, timeout: 10s } ]
                """,
            expect: """
                [ { x: { fails: CallError, saying: broken } }, { y: { fails: CallError, saying: broken } },
                  { z: { returns: 1 } }, { clean: all } ]
                """)
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
    }

    @Test func `a call that nothing can end is a hang`() throws {
        let scenario = try Fixtures.scenario(
            story: "[ { call: db.hang, as: x } ]",
            expect: "[ { outcome: { hang: { waits: master, on: db, because: function-waits } } } ]")
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
        let unexpected = try Fixtures.scenario(story: "[ { call: db.hang, as: x } ]")
        for verdict in verdicts(unexpected) { #expect(verdict.outcome == .hang, "\(verdict)") }
    }

    @Test func `a call without reply ends at once`() throws {
        let scenario = try Fixtures.scenario(
            story: "[ { call: db.hang, no-reply: true, as: x } ]",
            expect: "[ { x: { returns: null } }, { clean: all } ]")
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed, "\(verdict)") }
    }

    @Test func `a story past its limit settles nothing`() throws {
        let scenario = try Fixtures.scenario(
            "mitoscope: 1\ntitle: t\nlimit: 200ms\ncontexts: { db: {} }\nstory: [ { call: db.sleep, args: [1s] } ]\n")
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .inconclusive, "\(verdict)") }
    }

    @Test func `what cannot be done fails the story`() throws {
        let scenario = try Fixtures.scenario(story: "[ { kill: db }, { kill: db } ]")
        for verdict in verdicts(scenario) {
            #expect(verdict.outcome == .failed)
            #expect(verdict.ending == "db has ended, so it cannot be killed", "\(verdict)")
        }
    }

    @Test func `an entry that waits for what never comes fails the story`() throws {
        let scenario = try Fixtures.scenario(
            story: """
                [ { kill: db, as: death }, { call: db.echo, after: { death: ended }, as: x, timeout: 10s },
                  { kill: web, after: { x: running } } ]
                """)
        for verdict in verdicts(scenario) {
            #expect(verdict.outcome == .failed)
            #expect(verdict.ending == "'kill web' waits for what never comes", "\(verdict)")
        }
    }

    @Test func `a run can be interrupted, and leaves nothing`() throws {
        let scenario = try Fixtures.scenario(story: "[ { call: db.hang, timeout: 1h } ]")
        var settings = Shipped.live
        settings.isInterrupted = { true }
        let live = LiveWorld.run(scenario, seed: 1, settings)
        #expect(live.ending == .interrupted)
        #expect(live.leftovers.isEmpty)
        #expect(SimWorld.run(scenario, seed: 1, isInterrupted: { true }).ending == .interrupted)
    }

    @Test func `a missing program for contexts is said so`() throws {
        let scenario = try Fixtures.scenario(story: "[ { call: db.echo } ]")
        let run = LiveWorld.run(scenario, seed: 1, LiveWorld.Settings(image: "/nonexistent/mito-agent"))
        #expect(Verdict(of: scenario, in: run).exitStatus == 69)
    }

    @Test func `a program that is no context fails to start`() throws {
        let scenario = try Fixtures.scenario(story: "[ { call: db.echo } ]")
        let run = LiveWorld.run(scenario, seed: 1, LiveWorld.Settings(image: "/bin/false"))
        #expect(Verdict(of: scenario, in: run).exitStatus == 5)
    }
}

/// Both worlds' runs of a scenario, judged.
func verdicts(_ scenario: Scenario) -> [Verdict] {
    [
        Verdict(of: scenario, in: SimWorld.run(scenario, seed: 1)),
        Verdict(of: scenario, in: LiveWorld.run(scenario, seed: 1, Shipped.live)),
    ]
}
