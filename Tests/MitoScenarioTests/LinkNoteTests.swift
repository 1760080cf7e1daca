import MitoCore
import MitoLinks
import MitoScenario
import Testing

/// What a tree says of its links.
struct LinkNoteTests {
    private func note(_ link: String) throws -> String {
        try scenario(link).links.note(on: "web")
    }

    private func scenario(_ link: String) throws -> Scenario {
        let story = "contexts: { web: {} }\nstory: [ { call: web.echo } ]\n"
        return try Fixtures.scenario("mitoscope: 1\ntitle: t\nlink: \(link)\n\(story)")
    }

    @Test(arguments: [
        ("{}", ""), ("{ delay: 5ms }", "5ms"), ("{ delay: 4ms..6ms }", "4ms..6ms"),
        ("{ delay: { exponential: 20ms, floor: 5ms } }", "about 20ms"),
        ("{ delay: 5ms, bandwidth: 1500kB/s, queue: 1KiB }", "5ms, 1500kB/s"),
        ("{ delay: 20ms, up: { delay: 200ms } }", "up: 200ms, down: 20ms"),
        ("{ delay: 5ms, up: { bandwidth: 10kB/s } }", "5ms, up: 10kB/s"),
        ("{ down: { loss: 1/100 } }", "down: lossy"),
    ])
    func `a link is noted with what holds frames up`(link: String, expected: String) throws {
        #expect(try note(link) == expected)
    }

    @Test func `the tree of what is told has the links`() throws {
        let scenario = try scenario("{ delay: 5ms }")
        let told = ScenarioTranscript(of: scenario, in: SimWorld.run(scenario, seed: 1)).text
        #expect(told.hasPrefix("t\n\nmaster\n  web  (5ms)\n"))
    }
}
