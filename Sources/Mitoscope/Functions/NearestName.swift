/// The name that takes the fewest changed letters to become `word`; the first of equals, nil when there is no name.
package func nearestName(to word: String, in names: [String]) -> String? {
    // A caller may send any name: what lies behind the first letters changes no verdict that helps anybody.
    let word = Array(word.utf8.prefix(64))
    let ranked = names.map { (name: $0, distance: changes(from: word, to: Array($0.utf8.prefix(64)))) }
    return ranked.min { $0.distance < $1.distance }?.name
}

/// How many letters must be put in, taken out or replaced.
private func changes(from a: [UInt8], to b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
