public import MitoCore

extension Duration {
    /// A length of time as stories write it: numbers with their units, also joined: `250us`, `10ms`, `1.5s`, `2min`,
    /// `1m30s`. Nil for anything else, for one without a unit, for less than a nanosecond, and past 292 years.
    public init?(_ text: String) { try? self.init(reading: text) }

    /// The same, for whoever tells people what is wrong with the text.
    package init(reading text: String) throws(DurationMistake) {
        var letters = Substring(text)
        var total: Int64 = 0
        repeat {
            let digits = letters.prefix { $0.isASCII && $0.isNumber }
            letters = letters[digits.endIndex...]
            var fraction: Substring = ""
            if letters.first == "." {
                fraction = letters.dropFirst().prefix { $0.isASCII && $0.isNumber }
                letters = letters[fraction.endIndex...]
                if fraction.isEmpty { throw .malformed }
            }
            let unit = letters.prefix { !($0.isASCII && $0.isNumber) }
            letters = letters[unit.endIndex...]
            guard let count = Int64(digits) else { throw .malformed }
            if unit.isEmpty { throw .noUnit }
            guard let size = Self.units[String(unit)] else { throw .unknownUnit(String(unit)) }
            let (whole, tooLong) = count.multipliedReportingOverflow(by: size)
            let (part, tooMuch) = whole.addingReportingOverflow(try Self.share(fraction, of: size))
            let (sum, tooMuchInAll) = total.addingReportingOverflow(part)
            guard !tooLong, !tooMuch, !tooMuchInAll else { throw .malformed }
            total = sum
        } while !letters.isEmpty
        self.init(nanoseconds: total)
    }

    /// The nanoseconds that the digits after a point stand for, where `size` is what one of the unit has.
    private static func share(_ digits: Substring, of size: Int64) throws(DurationMistake) -> Int64 {
        var (place, share) = (size, Int64(0))
        for digit in digits {
            guard let value = digit.wholeNumberValue else { throw .malformed }
            let isEven = place >= 10 && place % 10 == 0
            place /= 10
            guard value > 0 else { continue }
            guard isEven else { throw .tooFine }
            share += Int64(value) * place
        }
        return share
    }

    /// Seconds as a number, or text with units; nil for anything else and for less than nothing.
    public init?(_ value: Value) {
        switch value {
        case .int(let seconds) where seconds >= 0:
            self = .seconds(seconds)
        case .float(let seconds) where seconds >= 0 && seconds < 9e9:
            self.init(nanoseconds: Int64((seconds * 1e9).rounded()))
        case .text(let text):
            self.init(text.string)
        default:
            return nil
        }
    }

    /// The units as people are told of them, the shortest first.
    package static let unitNames = ["ns", "us", "ms", "s", "min", "h"]

    private static let units: [String: Int64] = [
        "ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000,
    ]
}

/// What keeps a text from being a duration.
package enum DurationMistake: Error {
    case noUnit
    case unknownUnit(String)
    /// More digits after the point than there are nanoseconds.
    case tooFine
    /// No number where one must be, or one too large.
    case malformed
}
