public import MitoCore

extension Duration {
    /// A length of time as stories write it: whole numbers with their units, also joined: `250us`, `10ms`, `5s`,
    /// `2min`, `1m30s`. Nil for anything else, for one without a unit, and past 292 years.
    public init?(_ text: String) { try? self.init(reading: text) }

    /// The same, for whoever tells people what is wrong with the text.
    package init(reading text: String) throws(DurationMistake) {
        var letters = Substring(text)
        var total: Int64 = 0
        repeat {
            let digits = letters.prefix { $0.isASCII && $0.isNumber }
            let unit = letters[digits.endIndex...].prefix { !($0.isASCII && $0.isNumber) }
            letters = letters[unit.endIndex...]
            guard let count = Int64(digits) else { throw .malformed }
            if unit.isEmpty { throw .noUnit }
            guard let size = Self.units[String(unit)] else { throw .unknownUnit(String(unit)) }
            let (part, tooLong) = count.multipliedReportingOverflow(by: size)
            let (sum, tooMuch) = total.addingReportingOverflow(part)
            guard !tooLong, !tooMuch else { throw .malformed }
            total = sum
        } while !letters.isEmpty
        self.init(nanoseconds: total)
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
    /// No number where one must be, or one too large.
    case malformed
}
