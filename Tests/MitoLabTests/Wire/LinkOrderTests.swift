import MitoCore
import MitoLinks
import Testing

@testable import MitoLab

@Suite struct LinkOrderTests {
    private let slow = LinkModel(delay: .constant(.milliseconds(10)))

    @Test func `a cut loses what is inside and what comes, until it is mended`() {
        var bench = Bench(2, slow)
        bench.send(packet(), from: 0, at: 0)
        bench.perform(.cut(.both), at: 5)
        #expect(bench.send(packet(), from: 0, at: 6) == .gone)
        #expect(bench.medium.status[0].down.dropped.cut == 2)
        bench.perform(.mend, at: 20)
        bench.send(packet(), from: 0, at: 20)
        bench.wait(until: 1000)
        #expect(bench.released == [0])
        #expect(bench.arrivals == [.init(1, 1, 30)])
    }

    @Test func `a link that is cut one way lets the other one through`() {
        var bench = Bench()
        bench.perform(.cut(.up), at: 0)
        #expect(bench.send(packet(from: 1, to: 0), from: 1, at: 0) == .gone)
        #expect(bench.send(packet(), from: 0, at: 0) == .passes(to: 1, hops: 1..<2))
        #expect(bench.medium.status[0].up.isCut && !bench.medium.status[0].down.isCut)
    }

    @Test func `a link that was narrow and full is free after a cut`() {
        var bench = Bench(2, LinkModel(LinkModel.OneWay(bandwidth: 1000)))
        bench.send(packet(bytes: 60_000), from: 0, at: 0)
        bench.perform(.cut(.both), at: 10)
        bench.perform(.mend, at: 20)
        bench.send(packet(bytes: 100), from: 0, at: 20)
        bench.wait(until: 100_000)
        #expect(bench.arrivals == [.init(1, 1, 120)])
    }

    @Test func `what is held comes out at its release, in order`() {
        var bench = Bench(2, slow)
        bench.perform(.hold(.down), at: 0)
        for at in [1, 2, 3] { bench.send(packet(), from: 0, at: Int64(at)) }
        bench.wait(until: 50)
        #expect(bench.arrivals.isEmpty && bench.medium.deadline == nil)
        bench.perform(.release(.both), at: 50)
        bench.wait(until: 51)
        #expect(bench.arrivals.map(\.packet) == [0, 1, 2])
    }

    @Test func `a hold fills the link no further than its queue`() {
        var bench = Bench(2, LinkModel(LinkModel.OneWay(queue: 1000)))
        bench.perform(.hold(.both), at: 0)
        let verdicts = (0..<20).map { _ in bench.send(packet(bytes: 100), from: 0, at: 0) }
        #expect(verdicts.count { $0 == .kept } == 10)
    }

    @Test func `a new model holds from the next packet on and lets nothing overtake`() {
        var bench = Bench(2, slow)
        bench.send(packet(), from: 0, at: 0)
        bench.perform(.set(LinkModel()), at: 1)
        #expect(bench.send(packet(), from: 0, at: 2) == .kept)
        bench.wait(until: 1000)
        #expect(bench.arrivals == [.init(0, 1, 10), .init(1, 1, 10)])
        #expect(bench.send(packet(), from: 0, at: 1000) == .passes(to: 1, hops: 0..<1))
    }
}
