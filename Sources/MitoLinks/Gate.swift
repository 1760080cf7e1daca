public import MitoCore

/// Whether a link lets out what has arrived at its end. Holding and cutting are apart: a link may be both.
public struct Gate: Hashable, Sendable {
    /// What arrives waits until it is released.
    public private(set) var isHeld = false
    /// Nothing gets through, and neither end can tell.
    public private(set) var isCut = false
    /// What was lost by the cut has been sent again by then.
    private var resumesAt: Instant?

    public init() {}

    public var isOpen: Bool { !isHeld && !isCut }

    /// When something comes out that arrives at `arrival`; nil while nothing does.
    public func exit(of arrival: Instant) -> Instant? {
        guard isOpen else { return nil }
        return resumesAt.map { max($0, arrival) } ?? arrival
    }

    /// Keeps what arrives, until `release`.
    public mutating func hold() { isHeld = true }
    /// Lets go at once what was held.
    public mutating func release() { isHeld = false }
    /// Lets nothing through, until `mend`.
    public mutating func cut() { isCut = true }

    /// Ends a cut: what got lost is sent again after `retransmit`.
    public mutating func mend(at now: Instant, retransmit: Duration) {
        guard isCut else { return }
        isCut = false
        resumesAt = now + retransmit
    }
}
