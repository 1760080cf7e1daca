/// A dictionary that can only be walked in the order of its keys.
///
/// Looking up is by hash, since that is the hot path; walking sorts, since it is rare and its order is visible to
/// peers and in traces. It is the only place of the core where a `Dictionary` is iterated.
struct OrderedTable<Key: Hashable & Comparable & Sendable, Value: Sendable>: Sendable {
    private var entries: [Key: Value] = [:]

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    subscript(key: Key) -> Value? {
        _read { yield entries[key] }
        _modify { yield &entries[key] }
    }

    @discardableResult
    mutating func remove(_ key: Key) -> Value? { entries.removeValue(forKey: key) }

    /// All keys, least first.
    var keys: [Key] { entries.keys.sorted() }
}

/// A set of context ids, walked least first. Ids mostly arrive in rising order, so that adding is appending.
struct SortedIDs: Hashable, Sendable {
    private(set) var ids: [ContextID] = []

    var count: Int { ids.count }

    mutating func insert(_ id: ContextID) {
        guard let last = ids.last, last >= id else { return ids.append(id) }
        let place = position(of: id)
        if ids[place] != id { ids.insert(id, at: place) }
    }

    mutating func remove(_ id: ContextID) {
        let place = position(of: id)
        if place < ids.count, ids[place] == id { ids.remove(at: place) }
    }

    /// Where `id` stands, or would.
    private func position(of id: ContextID) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
