public import MitoCore
public import MitoTrace

/// All checkers at once, but for the invariants that the faults of a run suspend.
///
/// ```swift
/// var checkers = Checkers()
/// simulation.onRecord = { checkers.observe($0) }
/// simulation.run()
/// for violation in checkers.finish() { print(violation) }
/// ```
/// They need nothing but the records, so that a trace read from a file does as well. Whoever can look into the nodes
/// gives what they hold to `audit`.
public struct Checkers: Checker {
    public private(set) var invariant = Invariant.nothingLeftBehind

    /// - Parameter suspended: what the faults of this run break by themselves.
    public init(suspended: Set<Invariant> = []) {
        let all: [any Checker] = [
            CallsEndOnce(), FunctionsTakeTurns(), LinksKeepOrder(), SendersAreGenuine(), RoutesConverge(),
            CausesComeFirst(),
        ]
        checkers = all.filter { !suspended.contains($0.invariant) }
        leftovers = suspended.contains(.nothingLeftBehind) ? nil : NothingLeftBehind()
    }

    public mutating func observe(_ record: TraceRecord) {
        for place in checkers.indices { checkers[place].observe(record) }
        leftovers?.observe(record)
    }

    public mutating func rested() {
        for place in checkers.indices { checkers[place].rested() }
        leftovers?.rested()
    }

    /// Compares what a context really holds with what the trace accounts for. The world must be at rest.
    public mutating func audit(_ holdings: Node.Holdings, of context: ContextID) {
        leftovers?.audit(holdings, of: context)
    }

    /// Takes what a world found when it should have had nothing any more.
    public mutating func audit(_ remains: [Remains]) { leftovers?.audit(remains) }

    public mutating func finish() -> [Violation] {
        var violations: [Violation] = []
        for place in checkers.indices { violations += checkers[place].finish() }
        return violations + (leftovers?.finish() ?? [])
    }

    private var checkers: [any Checker]
    private var leftovers: NothingLeftBehind?
}
