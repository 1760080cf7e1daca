import MitoCore
import MitoLinks
import MitoSimulator

/// Numbers of things: shares, bytes, bytes in a second.
extension ErrorSheet {
    /// `1/20`, `0` or `1`: at most 1.
    func ratio(_ item: Item, _ what: String) -> Ratio? {
        guard let (numerator, denominator) = fraction(item), let numerator = UInt32(exactly: numerator),
            denominator > 0
        else { return mismatch(item, what, "a ratio such as 1/20") }
        guard numerator <= denominator else {
            note(item.position, "\(what) is more than 1", hint: "for example 1/20")
            return nil
        }
        return Ratio(numerator, denominator)
    }

    /// `1/1000`, or `-1/1000` for what is slow.
    func drift(_ item: Item, _ what: String) -> Drift? {
        guard let (numerator, denominator) = fraction(item), let numerator = Int32(exactly: numerator),
            denominator > 0
        else { return mismatch(item, what, "a ratio such as 1/1000 or -1/1000") }
        guard Int64(numerator) > -Int64(denominator) else {
            note(item.position, "a clock that does not go on is no clock", hint: "\(what) is more than -1")
            return nil
        }
        return Drift(numerator, denominator)
    }

    private func fraction(_ item: Item) -> (Int64, UInt32)? {
        guard case .text(let text, false) = item.content else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let numerator = Int64(parts[0]) else { return nil }
        guard parts.count == 2 else { return (numerator, 1) }
        return UInt32(parts[1]).map { (numerator, $0) }
    }

    /// `500B`, `64KiB`, `10MB`: a unit is never optional. At most 1 TiB.
    func bytes(_ item: Item, _ what: String) -> UInt64? { quantity(item, what, example: "64KiB", suffix: "") }

    /// `10MB/s`. Never 0.
    func rate(_ item: Item, _ what: String) -> UInt64? {
        guard let rate = quantity(item, what, example: "10MB/s", suffix: "/s") else { return nil }
        if rate > 0 { return rate }
        note(item.position, "a link without bandwidth is a cut link", hint: "`cut` cuts a link")
        return nil
    }

    private func quantity(_ item: Item, _ what: String, example: String, suffix: String) -> UInt64? {
        guard case .text(let text, _) = item.content, text.hasSuffix(suffix) else {
            return mismatch(item, what, "a quantity such as \(example)")
        }
        let body = text.dropLast(suffix.count)
        let digits = body.prefix { $0.isASCII && $0.isNumber }
        let unit = String(body.dropFirst(digits.count))
        guard let number = UInt64(digits) else { return mismatch(item, what, "a quantity such as \(example)") }
        guard let size = Self.units.first(where: { $0.name == unit })?.bytes else {
            noteUnknown("unit", unit, at: item.position, known: Self.units.map(\.name))
            return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= Self.bytesMax else {
            note(item.position, "\(what) is too much: '\(shown(text))'", hint: "at most 1024GiB\(suffix)")
            return nil
        }
        return bytes
    }

    /// From the smallest to the largest.
    static let units: [(name: String, bytes: UInt64)] = [
        ("B", 1), ("kB", 1_000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000),
        ("GiB", 1 << 30),
    ]
    private static let bytesMax: UInt64 = 1 << 40
}
