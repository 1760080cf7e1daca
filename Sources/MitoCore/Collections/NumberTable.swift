/// What is known under each of many numbers: contexts and handles. Looking up is by place, since every hop does it;
/// walking sorts, since it is rare and its order is visible to peers and in traces.
///
/// Numbers are handed out one after another, so that a multiplication spreads them well, and a slot near the first is
/// as good as always right. A peer may name any numbers, such as many that meet in one place: what finds no room near
/// its first slot goes to a dictionary, whose order nobody can foresee.
struct NumberTable<Key, Value: Sendable>: Sendable
where Key: RawRepresentable<UInt32> & Hashable & Comparable & Sendable {
    private struct Slot: Sendable {
        var key: Key
        var value: Value
    }

    /// A power of two, at least twice as many as are filled; none at first.
    private var slots: [Slot?] = []
    private var filled = 0
    private var crowded: [Key: Value] = [:]

    var count: Int { filled + crowded.count }
    var isEmpty: Bool { filled == 0 && crowded.isEmpty }

    /// All keys, least first.
    var keys: [Key] { (slots.compactMap { $0?.key } + crowded.keys.sorted()).sorted() }

    subscript(key: Key) -> Value? {
        get {
            if let place = place(of: key) { return slots[place]!.value }
            return crowded.isEmpty ? nil : crowded[key]
        }
        set {
            remove(key)
            if let newValue { insert(Slot(key: key, value: newValue)) }
        }
    }

    @discardableResult
    mutating func remove(_ key: Key) -> Value? {
        guard let place = place(of: key) else { return crowded.isEmpty ? nil : crowded.removeValue(forKey: key) }
        var slot: Slot?
        swap(&slot, &slots[place])
        filled -= 1
        return slot?.value
    }

    mutating func removeAll() { self = NumberTable() }

    private mutating func insert(_ new: Slot) {
        if filled * 2 >= slots.count { grow() }
        for place in places(of: new.key) where slots[place & (slots.count - 1)] == nil {
            slots[place & (slots.count - 1)] = new
            filled += 1
            return
        }
        crowded[new.key] = new.value
    }

    private mutating func grow() {
        var old: [Slot?] = Array(repeating: nil, count: max(Self.slotsMin, slots.count * 2))
        swap(&old, &slots)
        filled = 0
        for case let slot? in old { insert(slot) }
    }

    /// The slot that `key` has.
    private func place(of key: Key) -> Int? {
        for place in places(of: key) {
            let place = place & (slots.count - 1)
            if let slot = slots[place], slot.key.rawValue == key.rawValue { return place }
        }
        return nil
    }

    /// Where `key` may be, before it is wrapped around.
    private func places(of key: Key) -> Range<Int> {
        guard !slots.isEmpty else { return 0..<0 }
        let first = Int(truncatingIfNeeded: UInt64(key.rawValue) &* 0x9E37_79B9_7F4A_7C15 >> 32)
        return first..<(first + Self.reach)
    }

    /// How far from its first slot a key may be.
    private static var reach: Int { 8 }
    private static var slotsMin: Int { 8 }
}
