public import MitoCore

/// How long something takes: always the same, or drawn anew each time. Nothing takes less than no time.
public enum Delay: Hashable, Sendable {
    case constant(Duration)
    /// Every nanosecond from the first to the second is equally likely, both included.
    case uniform(Duration, Duration)

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
        }
    }
}
