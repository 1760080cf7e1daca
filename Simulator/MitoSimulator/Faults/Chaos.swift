public import MitoCore
import MitoLinks

/// Faults that chance chooses: how many of each kind, when, and for how long. After `heal` all is mended.
///
/// ```swift
/// let chaos = Chaos(cuts: 0...3, kills: 0...1, between: .seconds(1)...(.seconds(5)), heal: .seconds(8))
/// simulation.perform(chaos.strikes(on: contexts, seed: 7))
/// ```
public struct Chaos: Hashable, Sendable {
    /// Links that are cut without either end being able to tell, and mended again.
    public var cuts: ClosedRange<Int64>
    public var kills: ClosedRange<Int64>
    /// Processes that stop, and go on again.
    public var freezes: ClosedRange<Int64>
    /// Links on which the next frame takes longer.
    public var delays: ClosedRange<Int64>
    /// How much longer.
    public var delay: ClosedRange<Duration>
    /// When a fault begins, from now.
    public var between: ClosedRange<Duration>
    /// How long a cut or a freeze lasts.
    public var lasting: ClosedRange<Duration>
    /// From now; nothing lasts longer.
    public var heal: Duration

    public init(
        cuts: ClosedRange<Int64> = 0...0, kills: ClosedRange<Int64> = 0...0, freezes: ClosedRange<Int64> = 0...0,
        delays: ClosedRange<Int64> = 0...0, delay: ClosedRange<Duration> = .zero...(.seconds(1)),
        between: ClosedRange<Duration>, lasting: ClosedRange<Duration> = .zero...(.nanoseconds(.max)), heal: Duration
    ) {
        self.cuts = cuts
        self.kills = kills
        self.freezes = freezes
        self.delays = delays
        self.delay = delay
        self.between = between
        self.lasting = lasting
        self.heal = heal
    }

    /// A fault, and when it comes.
    public struct Strike: Hashable, Sendable {
        /// From the moment at which chaos begins.
        public var after: Duration
        public var fault: Fault
    }

    /// What a seed chooses, in the order of time.
    ///
    /// - Parameters:
    ///   - victims: the contexts that it may concern, with the links above them, in an order that does not vary.
    ///     Whether they still run when their time comes is seen then.
    ///   - seed: what all is drawn from.
    public func strikes(on victims: [ContextID], seed: UInt64) -> [Strike] {
        guard !victims.isEmpty else { return [] }
        var drawing = Drawing(chaos: self, victims: victims, random: Random(seed: seed, stream: "chaos"))
        for _ in 0..<drawing.count(cuts) {
            let link = drawing.victim()
            drawing.add(.link(link, .cut(.both)), until: .link(link, .mend))
        }
        for _ in 0..<drawing.count(freezes) {
            let context = drawing.victim()
            drawing.add(.freeze(context), until: .thaw(context))
        }
        for _ in 0..<drawing.count(kills) { drawing.add(.kill(drawing.victim()), until: nil) }
        for _ in 0..<drawing.count(delays) {
            let pattern = FramePattern(link: drawing.victim())
            drawing.add(.frames(FrameFault(.delay(drawing.duration(delay)), pattern)), until: nil)
        }
        return drawing.inOrder
    }
}

/// What was drawn so far.
private struct Drawing {
    let chaos: Chaos
    let victims: [ContextID]
    var random: Random
    private var strikes: [Chaos.Strike] = []

    init(chaos: Chaos, victims: [ContextID], random: Random) {
        self.chaos = chaos
        self.victims = victims
        self.random = random
    }

    /// Of equal times, what was drawn first comes first.
    var inOrder: [Chaos.Strike] {
        strikes.enumerated().sorted { ($0.element.after, $0.offset) < ($1.element.after, $1.offset) }.map(\.element)
    }

    mutating func count(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(random.below(UInt64(range.upperBound - range.lowerBound) + 1))
    }

    mutating func victim() -> ContextID { victims[Int(random.below(UInt64(victims.count)))] }

    mutating func duration(_ range: ClosedRange<Duration>) -> Duration {
        Delay.uniform(range.lowerBound, range.upperBound).draw(from: &random)
    }

    /// Adds a fault, and its end, where it has one, at the latest when all is healed.
    mutating func add(_ fault: Fault, until end: Fault?) {
        let begin = min(duration(chaos.between), chaos.heal)
        strikes.append(Chaos.Strike(after: begin, fault: fault))
        guard let end else { return }
        let longest = max(chaos.lasting.lowerBound, min(chaos.lasting.upperBound, chaos.heal))
        let length = duration(chaos.lasting.lowerBound...longest)
        strikes.append(Chaos.Strike(after: min(begin + length, chaos.heal), fault: end))
    }
}
