import MitoCore
import MitoLinks
import Testing

@Suite struct LinkStateTests {
    @Test func `a constant delay is added to the time of sending`() {
        var link = state(LinkModel.OneWay(delay: .constant(.milliseconds(5))))
        let arrival = link.arrival(ofFrame: 100, at: at(10))
        #expect(arrival == at(15))
    }

    @Test func `nothing overtakes what is ahead`() {
        var link = state(LinkModel.OneWay(delay: .uniform(.zero, .seconds(1)), loss: Loss(Ratio(1, 3))))
        let arrivals = (0..<200).map { link.arrival(ofFrame: 1, at: at($0)) }
        #expect(arrivals == arrivals.sorted())
    }

    @Test func `bytes wait for those ahead where bandwidth is bounded`() {
        var link = state(LinkModel.OneWay(delay: .constant(.milliseconds(5)), bandwidth: 1_000))
        let arrivals = [0, 0, 100].map { link.arrival(ofFrame: 10, at: at($0)) }
        #expect(arrivals == [at(15), at(25), at(115)])
    }

    @Test func `a message that never ends arrives at the end of time`() {
        var link = state(LinkModel.OneWay(bandwidth: 1))
        let arrival = link.arrival(ofFrame: .max, at: at(0))
        #expect(arrival == Instant(nanoseconds: .max))
    }

    @Test func `each loss of a frame costs the time until it is sent again`() {
        let delays = frames(2_000, LinkModel.OneWay(loss: Loss(Ratio(1, 4), retransmit: .milliseconds(7))))
        let losses = delays.map { $0.nanoseconds / 7_000_000 }
        #expect(delays.allSatisfy { $0.nanoseconds % 7_000_000 == 0 })
        // One in four is lost, and one in four of these is lost again.
        #expect((420...580).contains(losses.count { $0 >= 1 }) && (90...160).contains(losses.count { $0 >= 2 }))
    }

    @Test func `a burst loses everything for as long as it lasts`() {
        let burst = Loss.Burst(enter: Ratio(1, 50), leave: Ratio(1, 5))
        let delays = frames(5_000, LinkModel.OneWay(loss: Loss(retransmit: .milliseconds(1), burst: burst)))
        let lengths = delays.map { $0.nanoseconds / 1_000_000 }.filter { $0 > 0 }
        #expect((60...150).contains(lengths.count))
        let mean = lengths.reduce(0, +) * 10 / Int64(lengths.count)
        #expect((38...62).contains(mean), "five losses on average, here in tenths")
    }

    @Test func `a frame that is always lost gets through at last`() {
        let delays = frames(1, LinkModel.OneWay(loss: Loss(Ratio(1, 1), retransmit: .milliseconds(1))))
        #expect(delays == [.milliseconds(Int64(Loss.lossesMax))])
        let endless = frames(1, LinkModel.OneWay(loss: Loss(Ratio(1, 1), retransmit: .nanoseconds(.max))))
        #expect(endless == [.nanoseconds(.max)])
    }

    @Test func `losses shift no delays`() {
        let delay = Delay.uniform(.zero, .milliseconds(9))
        let whole = frames(100, LinkModel.OneWay(delay: delay))
        let lossy = frames(100, LinkModel.OneWay(delay: delay, loss: Loss(Ratio(1, 4), retransmit: .milliseconds(10))))
        #expect(zip(whole, lossy).allSatisfy { ($1.nanoseconds - $0.nanoseconds) % 10_000_000 == 0 })
    }

    @Test func `the words of the handshake shift no frame`() {
        let model = LinkModel.OneWay(delay: .uniform(.zero, .seconds(1)))
        var greeted = state(model)
        for _ in 0..<3 { _ = greeted.arrival(ofGreeting: 8, at: at(0)) }
        _ = greeted.arrival(ofFrame: 1, at: at(0))
        #expect([greeted.latest] == frames(1, model))
    }

    @Test func `packets that arrive are delayed as frames are`() {
        let model = LinkModel.OneWay(delay: .uniform(.zero, .seconds(1)), bandwidth: 1_000)
        var (packets, frames) = (state(model), state(model))
        let times = (0..<100).map {
            (packets.arrival(ofPacket: 10, at: at($0)), frames.arrival(ofFrame: 10, at: at($0)))
        }
        #expect(times.allSatisfy { $0 == $1 })
    }

    @Test func `a packet that is lost is gone, and took its time to be sent`() {
        var link = state(LinkModel.OneWay(bandwidth: 1_000, loss: Loss(Ratio(1, 1))))
        let lost = link.arrival(ofPacket: 10, at: at(0))
        link.model.loss = nil
        let arrival = link.arrival(ofPacket: 10, at: at(0))
        #expect(lost == nil && arrival == at(20))
    }

    @Test func `nothing waits behind a backlog that is forgotten`() {
        var link = state(LinkModel.OneWay(bandwidth: 1_000))
        _ = link.arrival(ofPacket: 100_000, at: at(0))
        link.forgetBacklog()
        let arrival = link.arrival(ofPacket: 10, at: at(5))
        #expect(arrival == at(15))
    }

    private func frames(_ count: Int, _ model: LinkModel.OneWay) -> [Duration] {
        var link = state(model)
        return (0..<count).map { _ in
            _ = link.arrival(ofFrame: 10, at: at(0))
            return link.latest
        }
    }

    private func state(_ model: LinkModel.OneWay) -> LinkState { LinkState(model, seed: 1, link: ContextID(1), .up) }

    private func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }
}
