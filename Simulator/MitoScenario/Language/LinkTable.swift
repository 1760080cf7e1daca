public import MitoCore

/// What every link is like: the file's own default, and what single links say otherwise.
public struct LinkTable: Hashable, Sendable {
    public var standard: LinkPlan
    /// By the name of the link's lower end.
    public var exceptions: [String: LinkPlan] = [:]

    /// The link whose lower end is `context`.
    public subscript(_ context: String) -> LinkPlan { exceptions[context] ?? standard }
}

/// One link: how long bytes are under way, towards the root and away from it.
public struct LinkPlan: Hashable, Sendable {
    public var up: ClosedRange<Duration>
    public var down: ClosedRange<Duration>

    /// No delay at all.
    public static let instant = LinkPlan(up: .zero...(.zero), down: .zero...(.zero))
}

extension LinkPlan {
    /// `{ delay: 1ms }`, `{ delay: 20ms..30ms, up: { delay: 40ms } }`; what is not said is as in `standard`.
    static func read(_ item: Item, standard: LinkPlan, _ sheet: ErrorSheet) -> LinkPlan? {
        guard let fields = Fields(item, of: "a link", known: ["delay", "up", "down"], sheet) else { return nil }
        var plan = standard
        if let delay = fields["delay"].flatMap({ sheet.durations($0, "delay") }) {
            plan = LinkPlan(up: delay, down: delay)
        }
        if let up = fields["up"].flatMap({ readDirection($0, sheet) }) { plan.up = up }
        if let down = fields["down"].flatMap({ readDirection($0, sheet) }) { plan.down = down }
        return plan
    }

    private static func readDirection(_ item: Item, _ sheet: ErrorSheet) -> ClosedRange<Duration>? {
        guard let fields = Fields(item, of: "one direction of a link", known: ["delay"], sheet),
            let delay = fields.require("delay", example: "10ms")
        else { return nil }
        return sheet.durations(delay, "delay")
    }
}
