import MitoCore
import MitoLinks
import Testing

@testable import MitoLab

@Suite struct MediumTests {
    @Test func `a packet passes a link without delay at once and is counted`() {
        var bench = Bench()
        #expect(bench.send(packet(bytes: 100), from: 0, at: 0) == .passes(to: 1, hops: 0..<1))
        #expect(bench.medium.deadline == nil)
        let link = bench.medium.status[0]
        #expect(link.down.packets == 1 && link.down.bytes == 100 && link.up.packets == 0)
    }

    @Test func `a packet takes the delay of every link on its way`() {
        var bench = Bench(4, LinkModel(delay: .constant(.milliseconds(25))))
        #expect(bench.send(packet(from: 3, to: 0), from: 3, at: 10) == .kept)
        bench.wait(until: 1000)
        #expect(bench.arrivals == [.init(0, 0, 85)])
    }

    @Test func `cousins meet at the host above both`() {
        var plan = LabPlan(seed: 1)
        let root = plan.add("root")
        let left = plan.add("left", below: root)
        let right = plan.add("right", below: root)
        let leaf = plan.add("leaf", below: left)
        var paths = Paths(plan)
        let path = paths.path(from: leaf, to: right)
        #expect(path.map { paths.hops[Int($0)] } == [4, 0, 3])
        #expect(paths.path(from: left, to: left).isEmpty)
    }

    @Test func `in a mesh every pair has a link of its own`() {
        var bench = Bench(5, LinkModel(delay: .constant(.milliseconds(25))), topology: .mesh)
        #expect(bench.medium.status.count == 10)
        bench.send(packet(from: 4, to: 0), from: 4, at: 0)
        bench.wait(until: 1000)
        #expect(bench.arrivals == [.init(0, 0, 25)])
        let crossed = bench.medium.status.filter { $0.up.packets + $0.down.packets > 0 }
        #expect(crossed.map { [$0.upper, $0.lower] } == [[0, 4]])
    }

    @Test func `nothing overtakes on a link, whatever delays are drawn`() {
        let delay = Delay.uniform(.zero, .milliseconds(50))
        var bench = Bench(2, LinkModel(delay: delay))
        for turn in 0..<100 { bench.send(packet(bytes: 100), from: 0, at: Int64(turn)) }
        bench.wait(until: 1000)
        #expect(bench.arrivals.map(\.packet) == Array(0..<100))
    }

    @Test func `a narrow link sends one packet after another`() {
        var bench = Bench(2, LinkModel(LinkModel.OneWay(bandwidth: 100_000)))
        for _ in 0..<3 { bench.send(packet(bytes: 1000), from: 0, at: 0) }
        bench.wait(until: 1000)
        #expect(bench.arrivals.map(\.milliseconds) == [10, 20, 30])
    }

    @Test func `a full queue drops, and has room again when something came out`() {
        var bench = Bench(2, LinkModel(LinkModel.OneWay(delay: .constant(.milliseconds(10)), queue: 1000)))
        #expect(bench.send(packet(bytes: 600), from: 0, at: 0) == .kept)
        #expect(bench.send(packet(bytes: 600), from: 0, at: 0) == .gone)
        #expect(bench.medium.status[0].down.dropped.full == 1)
        #expect(bench.medium.status[0].down.queueBytes == 600)
        #expect(bench.send(packet(bytes: 600), from: 0, at: 10) == .kept)
    }

    @Test func `packets are lost as often as the link says, and the same ones with the same seed`() {
        let model = LinkModel(LinkModel.OneWay(loss: Loss(Ratio(1, 10))))
        func lost() -> [Bool] {
            var bench = Bench(2, model)
            return (0..<1000).map { _ in bench.send(packet(bytes: 100), from: 0, at: 0) == .gone }
        }
        let first = lost()
        #expect((70...130).contains(first.count { $0 }))
        #expect(first == lost())
    }

    @Test func `a packet that is lost on its second link is released`() {
        var bench = Bench(3, LinkModel(delay: .constant(.milliseconds(5))))
        bench.perform(.set(LinkModel(LinkModel.OneWay(loss: Loss(Ratio(1, 1))))), on: 1, at: 0)
        bench.send(packet(to: 2), from: 0, at: 0)
        bench.wait(until: 1000)
        #expect(bench.arrivals.isEmpty && bench.released == [0])
        #expect(bench.medium.status[1].down.dropped.lost == 1)
    }

    @Test func `what is for nobody, or is no packet, is counted and gone`() {
        var bench = Bench()
        for astray in [packet(to: 7), packet(to: 0), [], [0x60], Array(packet().dropLast())] {
            #expect(bench.send(astray, from: 0, at: 0) == .gone)
        }
        #expect(bench.medium.astray == 5)
    }

    @Test func `only hosts whose links look at each packet send them singly`() {
        var tree = Bench(3)
        #expect(tree.medium.singleSegmentHosts == [false, false, false])
        tree.perform(.set(LinkModel(LinkModel.OneWay(bandwidth: 1000))), on: 1, at: 0)
        #expect(tree.medium.singleSegmentHosts == [true, true, true])
        var mesh = Bench(3, topology: .mesh)
        mesh.perform(.set(LinkModel(LinkModel.OneWay(bandwidth: 1000))), on: 0, at: 0)
        #expect(mesh.medium.singleSegmentHosts == [true, true, false])
    }
}
