import MitoCore

/// How much faster than the world's a clock goes: by one part in a thousand with `Drift(1, 1000)`, slower where it is
/// negative.
public struct Drift: Hashable, Sendable {
    public let numerator: Int32
    /// Never 0.
    public let denominator: UInt32

    /// A clock that would stand still or go back traps.
    public init(_ numerator: Int32, _ denominator: UInt32) {
        precondition(
            denominator > 0 && Int64(numerator) > -Int64(denominator), "a clock that does not go on is no clock")
        self.numerator = numerator
        self.denominator = denominator
    }

    public static let none = Drift(0, 1)
}

extension Drift: CustomStringConvertible {
    public var description: String { "\(numerator)/\(denominator)" }
}

/// One context's own clock, which differs from the world's.
struct LocalClock {
    /// The world's time since which it goes as it does, and what it showed then.
    private let since: Instant
    private let start: Instant
    private let drift: Drift

    /// A clock that shows `start` when the world's shows `since`.
    init(showing start: Instant, at since: Instant, drift: Drift) {
        self.start = start
        self.since = since
        self.drift = drift
    }

    /// What it shows at the world's `now`, which is not before it was set.
    func time(at now: Instant) -> Instant {
        start + Self.scaled(now - since, by: rate, over: UInt64(drift.denominator), isRoundedUp: false)
    }

    /// The world's first moment at which it shows at least `time`.
    func moment(of time: Instant) -> Instant {
        since + Self.scaled(max(.zero, time - start), by: UInt64(drift.denominator), over: rate, isRoundedUp: true)
    }

    private var rate: UInt64 { UInt64(Int64(drift.denominator) + Int64(drift.numerator)) }

    private static func scaled(_ duration: Duration, by factor: UInt64, over divisor: UInt64, isRoundedUp: Bool)
        -> Duration
    {
        let product = UInt64(max(0, duration.nanoseconds)).multipliedFullWidth(by: factor)
        guard product.high < divisor else { return .nanoseconds(.max) }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return .nanoseconds(Int64(clamping: isRoundedUp && remainder > 0 ? quotient &+ 1 : quotient))
    }
}
