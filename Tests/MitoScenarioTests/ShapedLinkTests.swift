import MitoCore
import MitoTrace
import Testing

@testable import MitoScenario

/// Live links that are shaped by the model of the simulated ones.
struct ShapedLinkTests {
    private static func scenario(_ link: String) throws -> Scenario {
        let calls = (1...12).map { number in
            let text = String(repeating: "x", count: number * number * 20)
            let after = number == 1 ? "" : ", after: { c\(number - 1): ended }"
            return "{ call: rack.echo, args: [\(text)], as: c\(number)\(after) }"
        }
        return try Fixtures.scenario(
            """
            mitoscope: 1
            title: t
            seed: 11
            link: \(link)
            contexts: { rack: {} }
            story: [ \(calls.joined(separator: ", ")) ]
            expect: [ { clean: all } ]
            """)
    }

    @Test(arguments: [
        "{ delay: 1ms..9ms }", "{ delay: { exponential: 4ms }, up: { delay: { normal: 5ms, deviation: 2ms } } }",
        "{ delay: 1ms, loss: 1/3, retransmit: 5ms, burst: { enter: 1/5, leave: 1/2 } }",
        "{ delay: 0s..2ms, bandwidth: 2MB/s }",
    ])
    func `the same frames have the same delays in the simulation and on a shaped live link`(link: String) throws {
        let scenario = try Self.scenario(link)
        let simulated = SimWorld.run(scenario, seed: scenario.seed)
        let live = LiveWorld.run(scenario, seed: scenario.seed, Shipped.live)
        for run in [simulated, live] { #expect(Verdict(of: scenario, in: run).outcome == .passed) }
        for upward in [true, false] {
            let expected = Self.transits(in: simulated, upward: upward)
            let drawn = Self.passages(in: live, upward: upward)
            let both = expected.keys.sorted().filter { drawn[$0] != nil }
            #expect(both.count >= 10, "\(expected) \(drawn)")
            #expect(both.map { drawn[$0] } == both.map { expected[$0] })
        }
    }

    @Test func `another seed gives a live link other delays`() throws {
        let scenario = try Self.scenario("{ delay: 1ms..9ms }")
        let runs = [1, 2].map { LiveWorld.run(scenario, seed: $0, Shipped.live) }
        #expect(Self.passages(in: runs[0], upward: true) != Self.passages(in: runs[1], upward: true))
    }

    /// How long frames of the story were under way that found their link empty, by their number on it.
    private static func transits(in run: Run, upward: Bool) -> [UInt64: String] {
        var sent: [UInt64: Instant] = [:]
        var arrived: [UInt64: Instant] = [:]
        for record in run.records where record.event.upward == upward {
            if record.event.kind == .frameOut { sent[record.event.ordinal] = record.event.at }
            if record.event.kind == .frameIn { arrived[record.event.ordinal] = record.event.at }
        }
        return sent.reduce(into: [:]) { transits, frame in
            guard let end = arrived[frame.key], let before = arrived[frame.key - 1], before <= frame.value else {
                return
            }
            transits[frame.key] = "\(end - frame.value)"
        }
    }

    /// The delays that the ends of a live link drew, by the frame's number.
    private static func passages(in run: Run, upward: Bool) -> [UInt64: String] {
        let opening = "frame takes "
        return run.records.reduce(into: [:]) { passages, record in
            guard record.event.upward == upward, record.event.text.hasPrefix(opening) else { return }
            passages[record.event.ordinal] = String(record.event.text.dropFirst(opening.count))
        }
    }
}
