import ArgumentParser

/// The seeds of a sweep, `1..100`, both ends among them.
struct SeedRange: Hashable {
    let first: UInt64
    let last: UInt64

    init(reading text: String) throws {
        guard let match = text.wholeMatch(of: /(\d+)\.\.(\d+)/), let first = UInt64(match.1), let last = UInt64(match.2)
        else { throw ValidationError("seeds are two whole numbers, such as 1..100") }
        guard first <= last else {
            throw ValidationError("the first seed is greater than the last: \(last)..\(first) has the same seeds")
        }
        guard last - first < Self.countMax else { throw ValidationError("more than \(Self.countMax) seeds") }
        (self.first, self.last) = (first, last)
    }

    var count: Int { Int(last - first) + 1 }
    var description: String { "\(first)..\(last)" }

    /// More than anybody has the time for.
    private static let countMax: UInt64 = 1_000_000_000
}
