/// What is known of each of many contexts, for looking up only: every hop asks it.
///
/// Ids are handed out one after another, so that a multiplication spreads them well, and a slot near the first is as
/// good as always right. A peer may name any ids, such as many that meet in one place: what finds no room near its
/// first slot goes to a dictionary, whose order nobody can foresee.
struct ContextTable<Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var id: ContextID
        var value: Value
    }

    /// A power of two, at least twice as many as are filled; none at first.
    private var slots: [Slot?] = []
    private var filled = 0
    private var crowded: [ContextID: Value] = [:]

    var count: Int { filled + crowded.count }

    /// Everybody of whom something is known, least first: for looking, since it sorts.
    var ids: [ContextID] { (slots.compactMap { $0?.id } + crowded.keys).sorted() }

    subscript(id: ContextID) -> Value? {
        get {
            for place in places(of: id) {
                if let slot = slots[place & (slots.count - 1)], slot.id == id { return slot.value }
            }
            return crowded.isEmpty ? nil : crowded[id]
        }
        set {
            remove(id)
            if let newValue { insert(Slot(id: id, value: newValue)) }
        }
    }

    mutating func removeAll() { self = ContextTable() }

    private mutating func remove(_ id: ContextID) {
        for place in places(of: id) where slots[place & (slots.count - 1)]?.id == id {
            slots[place & (slots.count - 1)] = nil
            filled -= 1
            return
        }
        if !crowded.isEmpty { crowded[id] = nil }
    }

    private mutating func insert(_ new: Slot) {
        if filled * 2 >= slots.count { grow() }
        for place in places(of: new.id) where slots[place & (slots.count - 1)] == nil {
            slots[place & (slots.count - 1)] = new
            filled += 1
            return
        }
        crowded[new.id] = new.value
    }

    private mutating func grow() {
        var old: [Slot?] = Array(repeating: nil, count: max(Self.slotsMin, slots.count * 2))
        swap(&old, &slots)
        filled = 0
        for case let slot? in old { insert(slot) }
    }

    /// Where `id` may be, before it is wrapped around.
    private func places(of id: ContextID) -> Range<Int> {
        guard !slots.isEmpty else { return 0..<0 }
        let first = Int(truncatingIfNeeded: UInt64(id.rawValue) &* 0x9E37_79B9_7F4A_7C15 >> 32)
        return first..<(first + Self.reach)
    }

    /// How far from its first slot an id may be.
    private static var reach: Int { 8 }
    private static var slotsMin: Int { 16 }
}
