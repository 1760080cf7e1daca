import MitoCore
import MitoLinks
import Testing

@Suite struct LinkStateTests {
    @Test func `a constant delay is added to the time of sending`() {
        var link = state(LinkModel.OneWay(delay: .constant(.milliseconds(5))))
        let arrival = link.arrival(of: 100, at: at(10))
        #expect(arrival == at(15))
    }

    @Test func `a uniform delay stays within its bounds and varies`() {
        var random = Random(seed: 1, stream: "delay")
        let delay = Delay.uniform(.milliseconds(20), .milliseconds(30))
        let drawn = (0..<200).map { _ in delay.draw(from: &random) }
        #expect(drawn.allSatisfy { $0 >= .milliseconds(20) && $0 <= .milliseconds(30) })
        #expect(drawn.contains { $0 < .milliseconds(22) } && drawn.contains { $0 > .milliseconds(28) })
    }

    @Test func `a delay from nothing to for ever can be drawn`() {
        var random = Random(seed: 1, stream: "delay")
        let delay = Delay.uniform(.zero, .nanoseconds(.max))
        let drawn = (0..<100).map { _ in delay.draw(from: &random) }
        #expect(drawn.allSatisfy { $0 >= .zero })
        let negative = Delay.uniform(.nanoseconds(.min), .nanoseconds(.min)).draw(from: &random)
        #expect(negative == .zero)
    }

    @Test func `nothing overtakes what is ahead`() {
        var link = state(LinkModel.OneWay(delay: .uniform(.zero, .seconds(1))))
        let arrivals = (0..<200).map { link.arrival(of: 1, at: at($0)) }
        #expect(arrivals == arrivals.sorted())
    }

    @Test func `bytes wait for those ahead where bandwidth is bounded`() {
        var link = state(LinkModel.OneWay(delay: .constant(.milliseconds(5)), bandwidth: 1_000))
        let arrivals = [0, 0, 100].map { link.arrival(of: 10, at: at($0)) }
        #expect(arrivals == [at(15), at(25), at(115)])
    }

    @Test func `a message that never ends arrives at the end of time`() {
        var link = state(LinkModel.OneWay(bandwidth: 1))
        let arrival = link.arrival(of: .max, at: at(0))
        #expect(arrival == Instant(nanoseconds: .max))
    }

    private func state(_ model: LinkModel.OneWay) -> LinkState {
        LinkState(model, random: Random(seed: 1, stream: "link 1 up delay"))
    }

    private func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }
}
