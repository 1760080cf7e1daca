public import MitoCore

/// How long something takes: always the same, or drawn anew each time. Nothing takes less than no time.
///
/// ```swift
/// let delay = Delay.exponential(mean: .milliseconds(20), floor: .milliseconds(5))
/// let once = delay.draw(from: &random)
/// ```
public enum Delay: Hashable, Sendable {
    case constant(Duration)
    /// Every nanosecond from the first to the second is equally likely, both included.
    case uniform(Duration, Duration)
    /// At least `floor`; what comes on top is distributed exponentially, so that `mean` is the mean of the whole.
    case exponential(mean: Duration, floor: Duration)
    /// Around `mean`, with this standard deviation; what would be less than `floor` is `floor`.
    case normal(mean: Duration, deviation: Duration, floor: Duration)

    public static let none = Delay.constant(.zero)

    /// One delay. A constant draws nothing.
    public func draw(from random: inout Random) -> Duration {
        switch self {
        case .constant(let duration):
            return max(.zero, duration)
        case .uniform(let least, let most):
            let floor = max(.zero, least)
            let width = max(floor, most).nanoseconds - floor.nanoseconds
            return floor + .nanoseconds(Int64(random.below(UInt64(width) + 1)))
        case .exponential(let mean, let least):
            let floor = max(.zero, least)
            let rest = max(floor, mean).nanoseconds - floor.nanoseconds
            return floor + .nanoseconds(random.exponential(mean: rest))
        case .normal(let mean, let deviation, let floor):
            let distance = random.normal(deviation: max(.zero, deviation).nanoseconds)
            return max(max(.zero, floor), max(.zero, mean) + .nanoseconds(distance))
        }
    }

    /// Is it the same each time?
    public var isConstant: Bool {
        if case .constant = self { true } else { false }
    }
}
