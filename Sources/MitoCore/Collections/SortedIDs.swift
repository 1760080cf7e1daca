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
