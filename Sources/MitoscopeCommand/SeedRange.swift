import ArgumentParser

/// The seeds of a sweep, `1..100`, both ends among them.
struct SeedRange: Hashable, ExpressibleByArgument {
    let first: UInt64
    let last: UInt64

    init?(argument: String) {
        guard let match = argument.wholeMatch(of: /(\d+)\.\.(\d+)/), let first = UInt64(match.1),
            let last = UInt64(match.2), first <= last, last - first < Self.countMax
        else { return nil }
        (self.first, self.last) = (first, last)
    }

    var count: Int { Int(last - first) + 1 }
    var description: String { "\(first)..\(last)" }

    /// More than anybody has the time for.
    private static let countMax: UInt64 = 1_000_000_000
}
