import MitoCore
import MitoLinks

/// What is to happen, in order of time. Events at one instant come in an order that the seed draws, so no two of them
/// share a place, and a program that relies on such an order is found out.
///
/// A 4-ary heap of trivial keys; what they stand for lies in a table of slots, which also says where a slot's key is,
/// so that an event can be taken back.
struct EventHeap {
    /// A pending event, until it happens or is taken back.
    typealias Slot = UInt32

    init(seed: UInt64) { ties = Random(seed: seed, stream: "ties") }

    var isEmpty: Bool { keys.isEmpty }
    var count: Int { keys.count }

    /// When the next event happens.
    var next: Instant? { keys.first.map { Instant(nanoseconds: $0.time) } }

    @discardableResult
    mutating func insert(_ occurrence: Occurrence, at time: Instant) -> Slot {
        let slot = claimSlot(occurrence)
        sequence &+= 1
        let tie = UInt32(truncatingIfNeeded: ties.next() >> 32)
        let key = Key(time: time.nanoseconds, order: UInt64(tie) << 32 | UInt64(sequence), slot: slot)
        keys.append(key)
        Self.raise(key, from: keys.count - 1, &keys, &places)
        return slot
    }

    mutating func popFirst() -> (time: Instant, occurrence: Occurrence)? {
        guard let first = keys.first else { return nil }
        return (Instant(nanoseconds: first.time), remove(first.slot))
    }

    /// Takes back an event that has not happened yet.
    @discardableResult
    mutating func remove(_ slot: Slot) -> Occurrence {
        let place = Int(places[Int(slot)])
        precondition(place < keys.count && keys[place].slot == slot, "an event can be taken back only while it waits")
        let last = keys.removeLast()
        if last.slot != slot {
            if place > 0, last < keys[(place - 1) / Self.arity] {
                Self.raise(last, from: place, &keys, &places)
            } else {
                Self.sink(last, from: place, &keys, &places)
            }
        }
        places[Int(slot)] = firstFree
        firstFree = slot
        return occurrences[Int(slot)]
    }

    /// Where an event stands in the order.
    struct Key: Comparable {
        var time: Int64
        /// What the seed drew, and below it a sequence that is only there to make any two keys differ.
        var order: UInt64
        var slot: Slot

        static func < (a: Key, b: Key) -> Bool { a.rank < b.rank }

        /// Both as one number, which is compared without a branch.
        var rank: Int128 { Int128(_low: order, _high: time) }
    }

    // MARK: Parts

    private var keys: [Key] = []
    private var occurrences: [Occurrence] = []
    /// Of a waiting slot: where its key is. Of a free slot: the next free one.
    private var places: [UInt32] = []
    private var firstFree = Slot.max
    private var sequence: UInt32 = 0
    private var ties: Random

    private static let arity = 4

    private mutating func claimSlot(_ occurrence: Occurrence) -> Slot {
        guard firstFree != .max else {
            occurrences.append(occurrence)
            places.append(0)
            return Slot(places.count - 1)
        }
        let slot = firstFree
        firstFree = places[Int(slot)]
        occurrences[Int(slot)] = occurrence
        return slot
    }

    /// Puts `key` at `place` or nearer to the front; what it passes moves back.
    private static func raise(_ key: Key, from start: Int, _ keys: inout [Key], _ places: inout [UInt32]) {
        var keys = keys.mutableSpan
        var places = places.mutableSpan
        var place = start
        while place > 0 {
            let parent = (place - 1) / arity
            guard key < keys[parent] else { break }
            keys[place] = keys[parent]
            places[Int(keys[place].slot)] = UInt32(place)
            place = parent
        }
        keys[place] = key
        places[Int(key.slot)] = UInt32(place)
    }

    /// The least of up to four keys that lie side by side; the first of them is there.
    ///
    /// Four are compared as in a knock-out, which needs no branch that is taken every other time.
    @inline(__always)
    private static func least(from first: Int, _ keys: Span<Key>) -> Int {
        guard first + 3 < keys.count else {
            var least = first
            for other in first + 1..<max(first + 1, keys.count) where keys[other] < keys[least] { least = other }
            return least
        }
        // Within bounds by the condition above.
        let (a, b) = unsafe (keys[unchecked: first].rank, keys[unchecked: first + 1].rank)
        let (c, d) = unsafe (keys[unchecked: first + 2].rank, keys[unchecked: first + 3].rank)
        let left = b < a ? (b, first + 1) : (a, first)
        let right = d < c ? (d, first + 3) : (c, first + 2)
        return right.0 < left.0 ? right.1 : left.1
    }

    /// Puts `key` at `place` or further back; what it passes moves to the front.
    private static func sink(_ key: Key, from start: Int, _ keys: inout [Key], _ places: inout [UInt32]) {
        var keys = keys.mutableSpan
        var places = places.mutableSpan
        var place = start
        while true {
            let child = place * arity + 1
            guard child < keys.count else { break }
            let next = least(from: child, keys.span)
            guard keys[next] < key else { break }
            keys[place] = keys[next]
            places[Int(keys[place].slot)] = UInt32(place)
            place = next
        }
        keys[place] = key
        places[Int(key.slot)] = UInt32(place)
    }
}
