import MitoCore

extension ErrorSheet {
    /// `250us`, `10ms`, `5s`, `2min`, `1h`, and joined ones: `1m30s`. A unit is never optional.
    func duration(_ item: Item, _ what: String) -> Duration? {
        guard case .text(let text, _) = item.content else { return mismatch(item, what, "a duration such as 250ms") }
        switch parseDuration(text) {
        case .duration(let duration): return duration
        case .noUnit: note(item.position, "\(what) has no unit: '\(shown(text))'", hint: "for example \(shown(text))ms")
        case .unknownUnit(let unit): noteUnknown("unit", unit, at: item.position, known: DurationText.unitNames)
        case .malformed: return mismatch(item, what, "a duration such as 250ms")
        }
        return nil
    }

    /// `a..b`, or one duration, which is then both.
    func durations(_ item: Item, _ what: String) -> ClosedRange<Duration>? {
        range(item) { duration($0, what) }
    }

    /// `a..b` of whole numbers, or one number; `a..` has no upper end.
    func counts(_ item: Item, _ what: String) -> ClosedRange<Int64>? {
        if case .text(let text, false) = item.content, text.hasSuffix(".."), let low = Int64(text.dropLast(2)) {
            return low...Int64.max
        }
        return range(item) { count($0, what) }
    }

    private func range<Bound>(_ item: Item, _ read: (Item) -> Bound?) -> ClosedRange<Bound>? {
        guard case .text(let text, let isQuoted) = item.content, let dots = text.firstIndex(of: "..") else {
            return read(item).map { $0...$0 }
        }
        let low = Item(content: .text(String(text[..<dots]), isQuoted: isQuoted), position: item.position)
        let rest = text[text.index(dots, offsetBy: 2)...]
        let high = Item(content: .text(String(rest), isQuoted: isQuoted), position: item.position)
        guard let low = read(low), let high = read(high) else { return nil }
        if low <= high { return low...high }
        note(item.position, "the range '\(shown(text))' ends before it begins")
        return nil
    }
}

/// What a text says as a duration.
enum DurationText: Equatable {
    case duration(Duration)
    case noUnit
    case unknownUnit(String)
    case malformed

    static let unitNames = ["ns", "us", "ms", "s", "min", "h"]
}

func parseDuration(_ text: String) -> DurationText {
    var rest = text.utf8[...]
    var total: Int64 = 0
    guard !rest.isEmpty, rest.count <= 60 else { return .malformed }
    while !rest.isEmpty {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard let number = Int64(String(decoding: digits, as: UTF8.self)) else { return .malformed }
        rest = rest.dropFirst(digits.count)
        let unit = String(decoding: rest.prefix { !(0x30...0x39).contains($0) }, as: UTF8.self)
        guard !unit.isEmpty else { return .noUnit }
        guard let size = nanoseconds(in: unit) else { return .unknownUnit(unit) }
        rest = rest.dropFirst(unit.utf8.count)
        let (part, isTooLong) = number.multipliedReportingOverflow(by: size)
        let (sum, isSumTooLong) = total.addingReportingOverflow(part)
        guard !isTooLong, !isSumTooLong else { return .malformed }
        total = sum
    }
    return .duration(Duration(nanoseconds: total))
}

private func nanoseconds(in unit: String) -> Int64? {
    switch unit {
    case "ns": 1
    case "us": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m", "min": 60_000_000_000
    case "h": 3_600_000_000_000
    default: nil
    }
}

extension String {
    /// Where the two letters first stand.
    fileprivate func firstIndex(of pair: String) -> Index? {
        indices.first { self[$0...].hasPrefix(pair) }
    }
}
