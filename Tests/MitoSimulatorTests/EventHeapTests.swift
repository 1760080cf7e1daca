import MitoCore
import MitoLinks
import Testing

@testable import MitoSimulator

@Suite struct EventHeapTests {
    @Test func `a key is 24 bytes and trivial`() {
        #expect(MemoryLayout<EventHeap.Key>.stride == 24)
        #expect(_isPOD(EventHeap.Key.self) && _isPOD(Occurrence.self))
    }

    @Test func `events come in the order of their times`() {
        var heap = EventHeap(seed: 1)
        var random = Random(seed: 1, stream: "times")
        for token in 0..<1_000 {
            heap.insert(.token(UInt64(token)), at: Instant(nanoseconds: Int64(random.below(500))))
        }
        let times = drained(&heap).map(\.time)
        #expect(times.count == 1_000)
        #expect(times == times.sorted())
    }

    @Test func `the seed draws the order of one instant`() {
        #expect(order(ofTies: 50, seed: 1) == order(ofTies: 50, seed: 1))
        #expect(order(ofTies: 50, seed: 1) != order(ofTies: 50, seed: 2))
        #expect(order(ofTies: 50, seed: 1) != Array(0..<50))
        #expect(order(ofTies: 50, seed: 1).sorted() == Array(0..<50))
    }

    @Test func `an event that was taken back does not happen, and the rest stay in order`() {
        var heap = EventHeap(seed: 1)
        let slots = (0..<200).map { heap.insert(.token($0), at: Instant(nanoseconds: Int64($0 * 7 % 100))) }
        for slot in slots.enumerated() where slot.offset % 3 == 0 { heap.remove(slot.element) }
        let left = drained(&heap)
        #expect(left.map(\.time) == left.map(\.time).sorted())
        #expect(left.count == 133)
        #expect(left.allSatisfy { if case .token(let token) = $0.occurrence { token % 3 != 0 } else { false } })
    }

    @Test func `a slot is used again`() {
        var heap = EventHeap(seed: 1)
        let first = heap.insert(.token(1), at: .start)
        #expect(heap.popFirst()?.occurrence == .token(1))
        #expect(heap.insert(.token(2), at: .start) == first)
        #expect(heap.count == 1)
    }

    private func order(ofTies count: UInt64, seed: UInt64) -> [UInt64] {
        var heap = EventHeap(seed: seed)
        for token in 0..<count { heap.insert(.token(token), at: .start) }
        return drained(&heap).compactMap { if case .token(let token) = $0.occurrence { token } else { nil } }
    }

    private func drained(_ heap: inout EventHeap) -> [(time: Instant, occurrence: Occurrence)] {
        var events: [(time: Instant, occurrence: Occurrence)] = []
        while let event = heap.popFirst() { events.append(event) }
        return events
    }
}
