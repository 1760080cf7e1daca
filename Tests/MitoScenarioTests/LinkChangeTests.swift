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

    @Test func `what is lost already is sent again as a run wants it`() throws {
        let links = try scenario().with([LinkChange("web:retransmit=1s")]).links
        #expect(links["web"][.up].loss == Loss(Ratio(1, 10), retransmit: .seconds(1)))
        #expect(links["db"] == (try scenario()).links["db"])
        let one = try scenario().with([LinkChange("all:loss=0"), LinkChange("web:retransmit=1s,up.loss=1/2")]).links
        #expect(one["web"][.up].loss == Loss(Ratio(1, 2), retransmit: .seconds(1)))
        #expect(one["web"][.down].loss == nil && one["db"][.up].loss == nil)
        let order = try ["db:retransmit=3s", "db:loss=1/3"].map { try LinkChange($0) }
        #expect(try scenario().with(order).links["db"][.up].loss == Loss(Ratio(1, 3), retransmit: .seconds(3)))
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

    @Test(arguments: ["web:retransmit=1s,loss=0", "all:up.retransmit=1s,up.loss=0", "all:loss=0,retransmit=1s"])
    func `what is never lost is not sent again`(text: String) throws {
        let scenario = try scenario()
        let change = try LinkChange(text)
        let error = #expect(throws: ScenarioErrors.self) { try scenario.with([change]) }
        #expect(error?.errors.map(\.what) == ["nothing is lost, so nothing is sent again"])
    }

    @Test func `of several stories each that has a link is changed, and one with a loss is enough`() throws {
        let other = try Fixtures.scenario(story: "[ { call: db.echo } ]")
        let third = try Fixtures.scenario("mitoscope: 1\ntitle: t\ncontexts: { rack: {} }\nstory: [ { kill: rack } ]\n")
        let changes = try LinkChange.read(["web:retransmit=1s,delay=5ms"], for: [third, other, scenario()])
        let stories = try [third, other, scenario()].with(changes)
        #expect(stories[0].links == third.links)
        #expect(stories[1].links["web"] == LinkModel(delay: .constant(.milliseconds(5))))
        #expect(stories[2].links["web"][.up].loss?.retransmit == .seconds(1))
        #expect(throws: ScenarioErrors.self) { try third.with(changes) }
        #expect(throws: ScenarioErrors.self) { try [third, other].with(changes) }
    }

    @Test func `a dot leads into what a story writes in braces, in each direction`() throws {
        let text =
            "web:delay.normal=5ms,delay.deviation=1ms,burst.enter=1/9,burst.leave=1/2"
            + ",up.delay.exponential=20ms,up.delay.floor=2ms,down.burst.leave=1/3,down.burst.enter=1/8"
        let link = try scenario().with([LinkChange(text)]).links["web"]
        #expect(link.down.delay == .normal(mean: .milliseconds(5), deviation: .milliseconds(1), floor: .zero))
        #expect(link.up.delay == .exponential(mean: .milliseconds(20), floor: .milliseconds(2)))
        #expect(link.up.loss?.burst == Loss.Burst(enter: Ratio(1, 9), leave: Ratio(1, 2)))
        #expect(link.down.loss?.burst == Loss.Burst(enter: Ratio(1, 8), leave: Ratio(1, 3)))
    }

    @Test(arguments: [
        "", ":", "web", ":delay=1ms", "web:", "web:delay", "web:=", "web:delay=", "all:delay=1ms,delay=2ms",
        "all:sideways.delay=1ms", "all:loss=2/1", "all:.=x", "all:up=1ms", "all:up.=1ms", "all:up.up.delay=1ms",
        "all:burst=1/5", "all:burst.enter=1/5", "all:up.burst=1/5", "all:loss.chance=1/5", "all:delay.floor=1ms",
        "all:delay=1ms,delay.exponential=2ms", "all:delay.exponential=2ms,delay=1ms", "all:delay.normal.mean=1ms",
    ])
    func `what makes no sense is refused with a place, in words of the command line`(text: String) {
        let error = #expect(throws: ScenarioErrors.self) { try LinkChange(text) }
        #expect(error?.errors.isEmpty == false)
        #expect(error?.description.contains("mapping") == false && error?.description.contains("`leave: ") == false)
        #expect(error?.description.hasPrefix("--link '\(text)':") == true)
    }
}
