import MitoCore
import MitoTrace

/// Where what happens parts in two runs, context by context, whatever the times: two seeds, or two delays, have no two
/// times alike, and yet tell one story up to where chance decides.
struct StoryDiff {
    /// How many records of that context tell the same.
    let common: Int
    let context: ContextID
    /// The positions of what comes then; nil on the side where nothing does.
    let left: Int?
    let right: Int?

    /// The earliest difference, by the time of the side that has it first; nil when there is none.
    init?(_ left: Trace, _ right: Trace) {
        let (ours, theirs) = (Self.positions(left), Self.positions(right))
        let contexts = Set(left.tree.contexts).union(right.tree.contexts).sorted()
        let found = contexts.compactMap { context -> (diff: StoryDiff, at: Instant)? in
            let (mine, yours) = (ours[context] ?? [], theirs[context] ?? [])
            let common =
                zip(mine, yours).enumerated().first {
                    !left.records[$0.element.0].event.tellsTheSame(as: right.records[$0.element.1].event)
                }?.offset ?? min(mine.count, yours.count)
            let places = (
                left: common < mine.count ? mine[common] : nil, right: common < yours.count ? yours[common] : nil
            )
            let times = [places.left.map { left.records[$0] }, places.right.map { right.records[$0] }]
            guard let at = times.compactMap({ $0?.event.at }).min() else { return nil }
            return (StoryDiff(common: common, context: context, left: places.left, right: places.right), at)
        }
        guard let first = found.min(by: { $0.at < $1.at }) else { return nil }
        self = first.diff
    }

    private init(common: Int, context: ContextID, left: Int?, right: Int?) {
        self.common = common
        self.context = context
        self.left = left
        self.right = right
    }

    /// Where the records of each context stand. Only looked up.
    private static func positions(_ trace: Trace) -> [ContextID: [Int]] {
        var positions: [ContextID: [Int]] = [:]
        for position in 0..<trace.end { positions[trace.records[position].context, default: []].append(position) }
        return positions
    }
}

extension Event {
    /// The same but for time, and for what only counts: a deadline's length and a line of a log may have time in them.
    fileprivate func tellsTheSame(as other: Event) -> Bool {
        var copy = other
        (copy.at, copy.step, copy.cause, copy.ordinal) = (at, step, cause, ordinal)
        if kind == .timerArmed || kind == .log { copy.text = text }
        return self == copy
    }
}
