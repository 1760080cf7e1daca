import MitoCore
import Mitoscope

extension ErrorSheet {
    /// `250us`, `10ms`, `1.5s`, `2min`, `1h`, and joined ones: `1m30s`. A unit is never optional.
    func duration(_ item: Item, _ what: String) -> Duration? {
        guard case .text(let text, _) = item.content else { return mismatch(item, what, "a duration such as 250ms") }
        do throws(DurationMistake) {
            return try Duration(reading: text)
        } catch {
            switch error {
            case .noUnit:
                let number = shown(text)
                note(
                    item.position, "\(what) has no unit: '\(number)'",
                    hint: "a duration has a unit: \(number)s or \(number)ms")
            case .tooFine:
                note(
                    item.position, "\(what) has too many digits: '\(shown(text))'",
                    hint: "time is in whole nanoseconds")
            case .unknownUnit(let unit): noteUnknown("unit", unit, at: item.position, known: Duration.unitNames)
            case .malformed: return mismatch(item, what, "a duration such as 250ms")
            }
            return nil
        }
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
        guard case .text(let text, let isQuoted) = item.content, let dots = text.firstRange(of: "..") else {
            return read(item).map { $0...$0 }
        }
        let low = Item(content: .text(String(text[..<dots.lowerBound]), isQuoted: isQuoted), position: item.position)
        let rest = String(text[dots.upperBound...])
        let high = Item(content: .text(rest, isQuoted: isQuoted), position: item.position)
        guard let low = read(low), let high = read(high) else { return nil }
        if low <= high { return low...high }
        note(item.position, "the range '\(shown(text))' ends before it begins")
        return nil
    }
}

extension ClosedRange<Int64> {
    /// As the language writes it: `3`, `1..2`, `1..`.
    var words: String {
        if lowerBound == upperBound { return "\(lowerBound)" }
        return upperBound == .max ? "\(lowerBound).." : "\(lowerBound)..\(upperBound)"
    }
}
