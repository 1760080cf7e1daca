import MitoCore
import MitoLinks
import Testing

@testable import MitoScenario

@Suite struct LinkChangeTests {
    private func scenario() throws -> Scenario {
        try Fixtures.scenario(
            """
            mitoscope: 1
            title: t
            link: { delay: 1ms, loss: 1/10 }
            contexts: { web: { link: { delay: 2ms } }, db: { via: web } }
            story: [ { call: db.echo } ]
            """)
    }

    @Test func `all links change, those with a word of their own too, and keep the rest`() throws {
        let links = try scenario().with([LinkChange("all:delay=250ms")]).links
        for name in ["web", "db"] {
            for way in Way.allCases {
                #expect(links[name][way].delay == .constant(.milliseconds(250)))
                #expect(links[name][way].loss?.chance == Ratio(1, 10))
            }
        }
    }

    @Test func `one link changes, in one direction where that is said`() throws {
        let links = try scenario().with([LinkChange("web:delay=5ms..9ms,up.delay=40ms,up.queue=1KiB")]).links
        #expect(links["web"][.down].delay == .uniform(.milliseconds(5), .milliseconds(9)))
        #expect(links["web"][.up].delay == .constant(.milliseconds(40)) && links["web"][.up].queue == 1024)
        #expect(links["db"] == (try scenario()).links["db"])
    }

    @Test func `of two changes the later counts`() throws {
        let changes = try ["all:delay=1s", "db:delay=3ms", "all:loss=0/1"].map { try LinkChange($0) }
        let links = try scenario().with(changes).links
        #expect(links["db"][.up].delay == .constant(.milliseconds(3)) && links["db"][.up].loss == nil)
        #expect(links["web"][.up].delay == .constant(.seconds(1)))
    }

    @Test func `one link of a story sends again in its own time what all links lose`() throws {
        let links = try Fixtures.scenario(
            """
            mitoscope: 1
            title: t
            link: { loss: 1/10 }
            contexts: { web: { link: { retransmit: 1s } }, db: { link: { up: { retransmit: 2s } } } }
            story: [ { call: db.echo } ]
            """
        ).links
        #expect(links["web"][.down].loss == Loss(Ratio(1, 10), retransmit: .seconds(1)))
        #expect(links["db"][.up].loss == Loss(Ratio(1, 10), retransmit: .seconds(2)))
        #expect(links["db"][.down].loss == Loss(Ratio(1, 10)))
    }

    @Test(arguments: [
        "", ":", "web", ":delay=1ms", "web:", "web:delay", "web:=", "web:delay=", "all:delay=1ms,delay=2ms",
        "all:sideways.delay=1ms", "all:loss=2/1", "all:.=x",
    ])
    func `what makes no sense is refused with a place`(text: String) {
        let error = #expect(throws: ScenarioErrors.self) { try LinkChange(text) }
        #expect(error?.errors.isEmpty == false)
    }
}
