import MitoCore
import MitoLinks
import Testing

@testable import MitoLab

@Suite struct ResetTests {
    /// A connection of which the first host sent 100 bytes and the second acknowledged them.
    private func connected(_ hosts: Int = 2, to end: Int = 1) -> Bench {
        var bench = Bench(hosts)
        bench.send(segment(to: end, sequence: 999, flags: .opens), from: 0, at: 0)
        bench.send(segment(from: end, to: 0, sequence: 4999, acknowledging: 1000, flags: .opens), from: end, at: 0)
        bench.send(segment(to: end, sequence: 1000, acknowledging: 5000, bytes: 100), from: 0, at: 0)
        bench.send(segment(from: end, to: 0, sequence: 5000, acknowledging: 1100), from: end, at: 0)
        return bench
    }

    @Test func `both ends of a connection get the number that they expect`() {
        var bench = connected()
        bench.perform(.reset, at: 1)
        #expect(
            bench.answers == [
                .init(host: 0, sequence: 5000, acknowledged: 1100), .init(host: 1, sequence: 1100, acknowledged: 5000),
            ])
    }

    @Test func `an end that may have more than it said gets both numbers`() {
        var bench = connected()
        bench.send(segment(sequence: 1100, acknowledging: 5000, bytes: 50), from: 0, at: 0)
        bench.perform(.reset, at: 1)
        #expect(bench.answers.filter { $0.host == 1 }.map(\.sequence) == [1100, 1150])
    }

    @Test func `an end that only asked is refused`() {
        var bench = Bench()
        bench.send(segment(sequence: 999, flags: .opens), from: 0, at: 0)
        bench.perform(.reset, at: 1)
        #expect(bench.answers.first == .init(host: 0, sequence: 0, acknowledged: 1000))
    }

    @Test func `later segments of an ended connection are gone and answered`() {
        var bench = connected()
        bench.perform(.reset, at: 1)
        bench.answers = []
        #expect(bench.send(segment(sequence: 1100, acknowledging: 5017), from: 0, at: 2) == .gone)
        #expect(bench.answers == [.init(host: 0, sequence: 5017, acknowledged: nil)])
        #expect(bench.medium.status[0].down.dropped.reset == 1)
    }

    @Test func `a reset is never answered by a reset`() {
        var bench = connected()
        bench.perform(.reset, at: 1)
        bench.answers = []
        #expect(bench.send(segment(sequence: 1100, flags: .resets), from: 0, at: 2) == .gone)
        #expect(bench.answers.isEmpty)
    }

    @Test func `a new connection between the same ports is let through`() {
        var bench = connected()
        bench.perform(.reset, at: 1)
        bench.answers = []
        let opening = bench.send(segment(sequence: 77, flags: .opens), from: 0, at: 2)
        let reply = bench.send(segment(from: 1, to: 0, acknowledging: 78, flags: .opens), from: 1, at: 3)
        #expect(opening != .gone && reply != .gone && bench.answers.isEmpty)
    }

    @Test func `a connection that does not cross the link lives on`() {
        var bench = connected(3)
        bench.perform(.reset, on: 1, at: 1)
        #expect(bench.answers.isEmpty)
        #expect(bench.send(segment(sequence: 1100, acknowledging: 5000), from: 0, at: 2) != .gone)
    }

    @Test func `a cut between the reset link and an end keeps that end from hearing of it`() {
        var bench = connected(3, to: 2)
        bench.perform(.cut(.both), on: 0, at: 1)
        bench.perform(.reset, on: 1, at: 2)
        #expect(bench.answers.map(\.host) == [2])
        bench.perform(.mend, on: 0, at: 3)
        bench.send(segment(to: 2, sequence: 1100, acknowledging: 5000), from: 0, at: 4)
        #expect(bench.answers.last == .init(host: 0, sequence: 5000, acknowledged: nil))
    }

    @Test func `what is in the link is lost with a reset, and the link is open after it`() {
        var bench = Bench(2, LinkModel(delay: .constant(.milliseconds(10))))
        bench.send(packet(), from: 0, at: 0)
        bench.perform(.hold(.both), at: 1)
        bench.perform(.reset, at: 2)
        bench.send(packet(), from: 0, at: 3)
        bench.wait(until: 1000)
        #expect(bench.released == [0] && bench.arrivals == [.init(1, 1, 13)])
    }

    @Test func `numbers count on from the greatest to zero`() {
        var bench = Bench()
        bench.send(segment(sequence: .max - 9, acknowledging: 1, bytes: 30), from: 0, at: 0)
        bench.send(segment(from: 1, to: 0, acknowledging: .max), from: 1, at: 0)
        bench.send(segment(from: 1, to: 0, acknowledging: 20), from: 1, at: 0)
        bench.perform(.reset, at: 1)
        #expect(bench.answers.filter { $0.host == 1 }.map(\.sequence) == [20])
    }

    @Test func `a reset segment is right to the last bit of its checksums`() throws {
        let bytes = ResetSegment(
            source: .init(address: LabPlan.address(of: 0), port: 80),
            target: .init(address: LabPlan.address(of: 1), port: 1000), sequence: 0x0102_0304, acknowledged: nil
        ).bytes
        // Summed with its checksum, what is right comes to zero.
        #expect(Checksum.of(bytes[..<20]) == 0)
        let pseudo = bytes[12..<20] + [0, 6, 0, 20]
        #expect(Checksum.of(pseudo + bytes[20...]) == 0)
        let read = try #require(bytes.withUnsafeBytes(Datagram.init)?.segment)
        #expect(read.isReset && read.sequence == 0x0102_0304 && read.acknowledged == nil)
    }

    @Test func `the table has bounds and forgets what was silent longest`() {
        var table = FlowTable()
        for port in 0..<UInt16(60_000) {
            var bytes = segment(acknowledging: 1)
            (bytes[20], bytes[21]) = (UInt8(port >> 8), UInt8(port & 255))
            let datagram = bytes.withUnsafeBytes(Datagram.init)!
            #expect(table.note(datagram.segment!, of: datagram, from: 0, to: 1) == nil)
        }
        let ended = table.breakFlows(by: 0) { _, _ in true }
        #expect((10_000...2 * 16_384).contains(ended.count / 2))
        #expect(ended.contains { $0.segment.source.port == 59_999 || $0.segment.target.port == 59_999 })
    }
}
