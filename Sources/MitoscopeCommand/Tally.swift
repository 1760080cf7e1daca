/// How many runs came to what.
///
/// ```swift
/// var tally = Tally()
/// tally.add(.passed)
/// print(tally.text)               // 1 passed
/// ```
struct Tally: Hashable {
    private var counts: [ExitStatus: Int] = [:]

    /// One more run that ended like this.
    mutating func add(_ status: ExitStatus) { counts[status, default: 0] += 1 }

    /// All runs of another tally.
    mutating func add(_ other: Tally) { counts.merge(other.counts) { $0 + $1 } }

    var runs: Int { counts.values.reduce(0, +) }

    /// What came of them, the gravest first: `1 hang, 2 failed, 97 passed`.
    var text: String {
        ExitStatus.allCases.reversed().compactMap { status in counts[status].map { "\($0) \(status.word)" } }
            .joined(separator: ", ")
    }

    /// The same for programs: how many of each word.
    var words: [String: Int] {
        Dictionary(uniqueKeysWithValues: counts.map { ($0.key.word, $0.value) })
    }
}
