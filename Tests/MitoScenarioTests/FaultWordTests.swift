import MitoCore
import Testing

@testable import MitoScenario

/// What stories do to links and processes, told by every world in the same way where every world can.
struct FaultWordTests {
    private static let tree = "mitoscope: 1\ntitle: t\ncontexts: { rack: {}, web: { via: rack } }\n"

    private func check(_ text: String, live: Bool = true) throws {
        let scenario = try Fixtures.scenario(Self.tree + text)
        #expect(scenario.worlds.contains(.live) == live)
        var runs = [SimWorld.run(scenario, seed: 1)]
        if live { runs.append(LiveWorld.run(scenario, seed: 1, Shipped.live)) }
        for run in runs {
            let verdict = Verdict(of: scenario, in: run)
            #expect(verdict.outcome == .passed, "\(run.world): \(verdict)")
        }
    }

    @Test func `a cut link lets nothing through until it is mended`() throws {
        try check(
            """
            story:
              - { cut: rack, as: cut }
              - { call: web.echo, args: [1], timeout: 300ms, as: lost }
              - { mend: rack, after: { lost: ended } }
              - { call: web.echo, args: [2], after: { cut: ended }, timeout: 30s, as: late }
            expect: [ { lost: { fails: TimeoutError } }, { late: { returns: 2 } }, { order: [lost, late] } ]
            """)
    }

    @Test func `a link between two processes can be cut one way`() throws {
        try check(
            """
            story:
              - { cut: web, way: up }
              - { call: web.echo, args: [1], timeout: 300ms, as: lost }
              - { call: rack.echo, args: [1], timeout: 30s, as: near }
              - { mend: web, after: { lost: ended } }
            expect: [ { lost: { fails: TimeoutError } }, { near: { returns: 1 } } ]
            """)
    }

    @Test func `a link that is reset is seen by its ends`() throws {
        try check(
            """
            story:
              - { call: web.hang, as: hung }
              - { cut: web, how: reset, after: { hung: running } }
            expect: [ { hung: { fails: ChannelError } }, { contexts: { alive: [rack] } }, { clean: all } ]
            """)
    }

    @Test func `what is held comes when it is released`() throws {
        try check(
            """
            story:
              - { hold: web, as: hold }
              - { call: web.echo, args: [1], as: x, timeout: 30s }
              - { release: web, after: { hold: running }, plus: 200ms, as: release }
            expect: [ { x: { returns: 1 } }, { order: [hold, release, x] }, { clean: all } ]
            """)
    }

    @Test func `a frozen relay goes on when it is thawed`() throws {
        try check(
            """
            story:
              - { freeze: rack, as: frost }
              - { call: web.echo, args: [1], as: x, timeout: 30s }
              - { thaw: rack, after: { frost: running }, plus: 200ms, as: thaw }
            expect: [ { x: { returns: 1 } }, { order: [frost, thaw, x] }, { clean: all } ]
            """)
    }

    @Test func `a context is started again under its name`() throws {
        try check(
            """
            story:
              - { restart: web, as: again }
              - { call: web.echo, args: [1], after: { again: ended }, plus: 100ms, as: x, timeout: 30s }
            expect: [ { x: { returns: 1 } }, { clean: all } ]
            """)
    }

    @Test func `a link becomes another one`() throws {
        try check(
            """
            story:
              - { set-link: web, to: { delay: 100ms }, as: slow }
              - { call: web.echo, args: [1], after: { slow: ended }, plus: 100ms, as: x, timeout: 30s }
            expect: [ { x: { returns: 1, took: 200ms..30s } }, { clean: all } ]
            """)
    }

    @Test func `a line is told when a message is sent, and again and again`() throws {
        try check(
            """
            story:
              - { call: web.echo, args: [1], every: 50ms, until: 250ms }
              - { call: rack.echo, args: [2], on: { kind: call, to: web, nth: 3 }, as: third }
            expect: [ { third: { returns: 2 } }, { messages: { kind: call, to: web, count: 5 } }, { clean: all } ]
            """)
    }

    @Test func `chance cuts, freezes and heals`() throws {
        try check(
            """
            story:
              - { chaos: { cuts: 1..2, freezes: 1..2, between: 0s..300ms, lasting: 50ms..200ms, heal: 1s } }
              - { call: web.echo, args: [1], timeout: 30s, every: 100ms, until: 600ms }
            expect: [ { messages: { kind: call, to: web, count: 6 } }, { clean: all } ]
            """)
    }

    @Test func `single messages can be delayed, lost, doubled, damaged and overtake`() throws {
        for (fault, outcome) in [
            ("{ delay: { kind: call, to: web }, by: 3s, as: f }", "returns: 1, took: 3s..4s"),
            ("{ drop: { kind: reply, from: web, on: rack }, as: f }", "fails: TimeoutError"),
            ("{ duplicate: { kind: call, to: web }, as: f }", "returns: 1"),
            ("{ overtake: { kind: call, nth: 9 }, as: f }", "returns: 1"),
        ] {
            try check(
                """
                story: [ \(fault), { call: web.echo, args: [1], as: x, timeout: 10s } ]
                expect: [ { x: { \(outcome) } } ]
                """, live: false)
        }
    }

    @Test func `a forged message is refused`() throws {
        try check(
            """
            story: [ { spoof: { kind: shutdown, from: master, to: rack }, by: web } ]
            expect: [ { contexts: { alive: [rack, web] } }, { clean: all } ]
            """, live: false)
    }

    @Test func `a clock that goes wrong fires early`() throws {
        try check(
            """
            story:
              - { skew: web, by: 10s, drift: 1/1 }
              - { call: web.sleep, args: [4s], as: x }
            expect: [ { x: { took: 2s..3s } }, { clean: all } ]
            """, live: false)
    }

    @Test func `what cannot be done fails the story`() throws {
        for (story, why) in [
            ("[ { freeze: web }, { freeze: web } ]", "it is so already"),
            ("[ { kill: web, as: k }, { cut: web, after: { k: ended }, plus: 1s } ]", "it has ended"),
        ] {
            let scenario = try Fixtures.scenario(Self.tree + "story: \(story)\n")
            let verdict = Verdict(of: scenario, in: SimWorld.run(scenario, seed: 1))
            #expect(verdict.outcome == .failed && verdict.ending.contains(why), "\(verdict)")
        }
        let beyond = try Fixtures.scenario(Self.tree + "story: [ { cut: rack }, { cut: web } ]\n")
        let verdict = Verdict(of: beyond, in: LiveWorld.run(beyond, seed: 1, Shipped.live))
        #expect(verdict.ending.contains("orders for what is below go through it"), "\(verdict)")
    }
}
