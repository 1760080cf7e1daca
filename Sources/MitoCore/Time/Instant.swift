/// A point on a world's own clock: nanoseconds since that world began. Only differences mean anything.
///
/// The core never asks what time it is; `now` comes in with every fact.
public struct Instant: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The moment a world begins.
    public static let start = Instant(nanoseconds: 0)

    public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
    public static func + (a: Instant, b: Duration) -> Instant {
        Instant(nanoseconds: a.nanoseconds.saturatingAdd(b.nanoseconds))
    }
    public static func - (a: Instant, b: Instant) -> Duration {
        Duration(nanoseconds: a.nanoseconds.saturatingSubtract(b.nanoseconds))
    }
}

/// A length of time in whole nanoseconds. It shadows the standard library's 128-bit type on purpose:
/// 64 bits print, hash and store simply, and 292 years are enough for a story.
///
/// ```swift
/// let later = now + .milliseconds(250)
/// print(later - now)                              // 250ms
/// ```
public struct Duration: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static let zero = Duration(nanoseconds: 0)
    /// `n` nanoseconds.
    public static func nanoseconds(_ n: Int64) -> Duration { Duration(nanoseconds: n) }
    /// `n` microseconds; what does not fit is the longest duration there is.
    public static func microseconds(_ n: Int64) -> Duration { Duration(nanoseconds: n.saturatingMultiply(1_000)) }
    /// `n` milliseconds; what does not fit is the longest duration there is.
    public static func milliseconds(_ n: Int64) -> Duration { Duration(nanoseconds: n.saturatingMultiply(1_000_000)) }
    /// `n` seconds; what does not fit is the longest duration there is.
    public static func seconds(_ n: Int64) -> Duration { Duration(nanoseconds: n.saturatingMultiply(1_000_000_000)) }

    public static func < (a: Duration, b: Duration) -> Bool { a.nanoseconds < b.nanoseconds }
    public static func + (a: Duration, b: Duration) -> Duration {
        Duration(nanoseconds: a.nanoseconds.saturatingAdd(b.nanoseconds))
    }
}

extension Duration: CustomStringConvertible {
    /// The largest unit that needs no fraction: `250us`, `20ms`, `5s`, as the scenario language writes it.
    public var description: String {
        let units: [(Int64, String)] = [
            (3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"),
        ]
        for (size, name) in units where nanoseconds != 0 && nanoseconds % size == 0 {
            return "\(nanoseconds / size)\(name)"
        }
        return nanoseconds == 0 ? "0s" : "\(nanoseconds)ns"
    }
}

extension Int64 {
    /// Time that overflows stays at the end of time instead of trapping: a peer or a story may name any number.
    func saturatingAdd(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    func saturatingSubtract(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : difference
    }

    func saturatingMultiply(_ other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}
