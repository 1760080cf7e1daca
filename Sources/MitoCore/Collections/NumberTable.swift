/// What is known under each of many numbers: contexts and handles. Looking up is by place, since every hop does it;
/// walking sorts, since it is rare and its order is visible to peers and in traces.
///
/// Numbers are handed out one after another, so that a multiplication spreads them well, and the first place is as good
/// as always right. A peer may name any numbers, such as many that meet in one place: what finds no room near its first
/// goes to a dictionary, whose order nobody can foresee.
struct NumberTable<Key, Value: Sendable>: Sendable
where Key: RawRepresentable<UInt32> & Hashable & Comparable & Sendable {
    /// By place: a key's number and one, or 0 where nothing is; and what is known under it. Apart, so that looking for
    /// a key touches nothing else. A power of two, at least twice as many as are filled; none at first.
    private var marks: [UInt64] = []
    private var values: [Value?] = []
    private var filled = 0
    private var crowded: [Key: Value] = [:]

    var count: Int { filled + crowded.count }
    var isEmpty: Bool { filled == 0 && crowded.isEmpty }

    /// All keys, least first.
    var keys: [Key] {
        (marks.filter { $0 != 0 }.map { Key(rawValue: UInt32($0 - 1))! } + crowded.keys.sorted()).sorted()
    }

    subscript(key: Key) -> Value? {
        get {
            if let place = place(of: key) { return values[place] }
            return crowded.isEmpty ? nil : crowded[key]
        }
        set {
            if let place = place(of: key), newValue != nil {
                values[place] = newValue
            } else {
                remove(key)
                if let newValue { insert(key, newValue) }
            }
        }
    }

    @discardableResult
    mutating func remove(_ key: Key) -> Value? {
        guard let place = place(of: key) else { return crowded.isEmpty ? nil : crowded.removeValue(forKey: key) }
        var value: Value?
        swap(&value, &values[place])
        marks[place] = 0
        filled -= 1
        return value
    }

    mutating func removeAll() { self = NumberTable() }

    private mutating func insert(_ key: Key, _ value: Value) {
        if filled * 2 >= marks.count { grow() }
        guard let place = place(of: key, marked: 0) else {
            crowded[key] = value
            return
        }
        marks[place] = Self.mark(of: key)
        values[place] = value
        filled += 1
    }

    private mutating func grow() {
        let count = max(Self.placesMin, marks.count * 2)
        var oldMarks = [UInt64](repeating: 0, count: count)
        var oldValues = [Value?](repeating: nil, count: count)
        swap(&oldMarks, &marks)
        swap(&oldValues, &values)
        filled = 0
        for (mark, value) in zip(oldMarks, oldValues) {
            if mark != 0, let value, let key = Key(rawValue: UInt32(mark - 1)) { insert(key, value) }
        }
    }

    @inline(__always)
    private func place(of key: Key) -> Int? { place(of: key, marked: Self.mark(of: key)) }

    /// The first of the places that `key` may have which bears this mark. Nearly all keys have their first.
    @inline(__always)
    private func place(of key: Key, marked mark: UInt64) -> Int? {
        guard !marks.isEmpty else { return nil }
        let first = Int(truncatingIfNeeded: UInt64(key.rawValue) &* 0x9E37_79B9_7F4A_7C15 >> 32)
        for place in first..<(first + Self.reach) where marks[place & (marks.count - 1)] == mark {
            return place & (marks.count - 1)
        }
        return nil
    }

    private static func mark(of key: Key) -> UInt64 { UInt64(key.rawValue) + 1 }

    /// How far from its first place a key may be.
    private static var reach: Int { 8 }
    private static var placesMin: Int { 8 }
}
