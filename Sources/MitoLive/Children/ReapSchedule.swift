import MitoCore

/// When to look whether a process whose stream is closed has ended, and how to help it along.
///
/// The gaps are 50, 86, 147, 254, 437, 752 ms …, each 1.72 times the one before. The second look brings SIGTERM, the
/// sixth SIGKILL; after twenty it is given up: only a process that the kernel cannot end gets that far.
struct ReapSchedule: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case look, terminate, kill
        case giveUp
    }

    /// How often it was looked at.
    private(set) var looks = 0
    private var gap = Duration.milliseconds(50)

    /// What this look is for, and how long it is until the next one.
    mutating func next() -> (step: Step, then: Duration) {
        looks += 1
        let then = gap
        gap = .nanoseconds(gap.nanoseconds * 172 / 100)
        switch looks {
        case 2: return (.terminate, then)
        case 6: return (.kill, then)
        case Self.looksMax...: return (.giveUp, then)
        default: return (.look, then)
        }
    }

    private static let looksMax = 20
}
