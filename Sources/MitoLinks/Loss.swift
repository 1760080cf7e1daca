public import MitoCore

/// What a link loses. A link is a stream: what is lost is sent again, so a loss costs time and never bytes.
///
/// ```swift
/// let loss = Loss(Ratio(1, 100), retransmit: .milliseconds(200))
/// let bursts = Loss(burst: Loss.Burst(enter: Ratio(1, 500), leave: Ratio(1, 4)))
/// ```
public struct Loss: Hashable, Sendable {
    /// How likely each transmission of a frame is to be lost outside a burst.
    public var chance: Ratio
    /// How long it takes until a lost frame is sent again; several losses of one frame add up.
    public var retransmit: Duration
    public var burst: Burst?

    public init(_ chance: Ratio = .never, retransmit: Duration = Loss.usualRetransmit, burst: Burst? = nil) {
        self.chance = chance
        self.retransmit = retransmit
        self.burst = burst
    }

    /// Times in which everything is lost (Gilbert's model): before each transmission a burst begins, or ends, with
    /// these chances. A burst lasts 1/`leave` transmissions on average.
    public struct Burst: Hashable, Sendable {
        public var enter: Ratio
        public var leave: Ratio

        public init(enter: Ratio, leave: Ratio) {
            self.enter = enter
            self.leave = leave
        }
    }

    /// What a TCP sender waits at least before it sends again.
    public static let usualRetransmit = Duration.milliseconds(200)

    /// A frame that was lost so often gets through.
    public static let lossesMax = 100
}

/// The losses of one direction of a link as they go on.
struct LossState: Hashable, Sendable {
    private var random: Random
    private var isInBurst = false

    init(_ random: Random) { self.random = random }

    /// How often the next frame is lost before it gets through.
    mutating func losses(_ loss: Loss) -> Int {
        var count = 0
        while count < Loss.lossesMax, isLost(loss) { count += 1 }
        return count
    }

    /// Is the next transmission lost?
    mutating func isLost(_ loss: Loss) -> Bool {
        if let burst = loss.burst {
            isInBurst = isInBurst ? !random.chance(burst.leave) : random.chance(burst.enter)
        }
        // Drawn in a burst too, so that each transmission costs as many draws as any other.
        return random.chance(loss.chance) || isInBurst
    }
}
