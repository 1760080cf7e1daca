/// What a hang comes down to, with contexts by their names; empty where nobody can tell.
public struct HangFacts: Hashable, Sendable {
    /// The context that waits, and the one that it waits for.
    public var waits: String
    public var on: String
    /// Where the message, or the notice that should have ended the wait, was last seen.
    public var lostAt: String
    public var because: String
}

extension HangFacts {
    init?(explaining run: Run) { nil }
}
