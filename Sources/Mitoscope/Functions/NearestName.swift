/// The name that takes the fewest changed letters to become `word`; the first of equals, nil when there is no name.
package func nearestName(to word: String, in names: [String]) -> String? {
    nearest(to: word, in: names)?.name
}

/// The nearest name, if `word` can be that name with a slip or two; nil when none is as near.
package func similarName(to word: String, in names: [String]) -> String? {
    let changesMax = max(1, min(word.utf8.count, lettersMax) / 3)
    return nearest(to: word, in: names).flatMap { $0.changes <= changesMax ? $0.name : nil }
}

private func nearest(to word: String, in names: [String]) -> (name: String, changes: Int)? {
    let word = Array(word.utf8.prefix(lettersMax))
    return names.map { ($0, changes(from: word, to: Array($0.utf8.prefix(lettersMax)))) }.min { $0.1 < $1.1 }
}

/// Anybody may send any name: what lies behind the first letters changes no verdict that helps anybody.
private let lettersMax = 64

/// How many letters must be put in, taken out, replaced, or swapped with their neighbour.
private func changes(from a: [UInt8], to b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var count = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { count = min(count, beforeLast[j - 1] + 1) }
            row.append(count)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
