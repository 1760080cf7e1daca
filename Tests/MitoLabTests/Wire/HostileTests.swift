import MitoCore
import MitoLinks
import Testing

@testable import MitoLab

@Suite struct HostileTests {
    @Test func `a header that says less, or more, than there is makes no packet`() {
        var short = packet(bytes: 40)
        short[0] = 0x44
        var long = packet(bytes: 40)
        long[0] = 0x4F
        var more = packet(bytes: 40)
        more[2] = 1
        var other = packet(bytes: 40)
        other[0] = 0x65
        for bytes in [short, long, more, other] { #expect(bytes.withUnsafeBytes(Datagram.init) == nil) }
    }

    @Test func `a segment is read behind options, and not in a fragment`() {
        var optioned = segment(sequence: 5)
        optioned.insert(contentsOf: [1, 1, 1, 1], at: 20)
        (optioned[0], optioned[3]) = (0x46, 44)
        #expect(optioned.withUnsafeBytes(Datagram.init)?.segment?.sequence == 5)
        var fragment = segment()
        fragment[6] = 0x20
        #expect(fragment.withUnsafeBytes(Datagram.init).map { $0.isFragment && $0.segment == nil } == true)
    }

    @Test func `a segment that is cut short, or has a header beyond its end, is none`() {
        #expect(packet(carrying: Datagram.tcp, bytes: 39).withUnsafeBytes(Datagram.init).map(\.segment) == .some(nil))
        var beyond = segment()
        beyond[32] = 0xF0
        #expect(beyond.withUnsafeBytes(Datagram.init).map(\.segment) == .some(nil))
    }

    @Test func `no bytes trap, and every packet that is stored is let go of once`() {
        var random = Random(seed: 3, stream: "hostile packets")
        let model = LinkModel(
            LinkModel.OneWay(
                delay: .uniform(.zero, .milliseconds(3)), bandwidth: 1_000_000, loss: Loss(Ratio(1, 10)), queue: 5000))
        var bench = Bench(4, model)
        let orders: [LinkOrder] = [
            .cut(.both), .cut(.up), .mend, .hold(.down), .release(.both), .reset, .set(model), .mend, .release(.both),
        ]
        var stored = 0
        for turn in 0..<20_000 {
            var bytes = segment(
                from: Int(random.below(4)), to: Int(random.below(5)),
                sequence: UInt32(truncatingIfNeeded: random.next()),
                acknowledging: random.below(2) == 0 ? nil : 7, bytes: Int(random.below(300)))
            for _ in 0..<random.below(4) {
                let reach = random.below(2) == 0 ? 44 : bytes.count
                bytes[Int(random.below(UInt64(min(reach, bytes.count))))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.below(8) == 0 { bytes = Array(bytes.prefix(Int(random.below(UInt64(bytes.count))))) }
            if bench.send(bytes, from: Int(random.below(4)), at: Int64(turn / 8)) == .kept { stored += 1 }
            Checksum.fill(&bytes)
            if random.below(50) == 0 {
                let order = orders[Int(random.below(UInt64(orders.count)))]
                bench.perform(order, on: Int(random.below(3)), at: Int64(turn / 8))
            }
        }
        for link in 0..<3 { bench.perform(.reset, on: link, at: 10_000) }
        bench.wait(until: 20_000)
        let ended = bench.arrivals.map(\.packet) + bench.released
        #expect(stored > 1000 && ended.count == stored && Set(ended).count == stored)
        #expect(bench.medium.status.allSatisfy { $0.up.queueBytes == 0 && $0.down.queueBytes == 0 })
    }
}
