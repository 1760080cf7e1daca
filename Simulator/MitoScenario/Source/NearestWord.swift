/// What was probably meant: `did you mean 'timeout'?`, or the whole list when it is short and nothing is near.
func suggestion(for word: String, among known: [String]) -> String {
    if let near = nearest(to: word, among: known) { return "did you mean '\(near)'?" }
    guard !known.isEmpty, known.count <= 12 else { return "" }
    return "known: \(known.joined(separator: ", "))"
}

/// The word of `known` that takes the fewest changed letters, if they are few; the first of equals.
func nearest(to word: String, among known: [String]) -> String? {
    let letters = Array(word.utf8.prefix(40))
    var best: (word: String, distance: Int)?
    for candidate in known {
        let distance = editDistance(letters, Array(candidate.utf8))
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(1, letters.count / 3) else { return nil }
    return best.word
}

/// How many letters must be put in, taken out, replaced, or swapped with their neighbour.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
