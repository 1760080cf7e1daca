public import MitoCore

/// Whether a link lets out what has arrived at its end.
public enum Gate: Hashable, Sendable {
    case open
    /// Nothing comes out.
    case shut
    /// Nothing comes out before this.
    case opening(Instant)

    /// When something comes out that arrives at `arrival`; nil while nothing does.
    public func exit(of arrival: Instant) -> Instant? {
        switch self {
        case .open: arrival
        case .shut: nil
        case .opening(let instant): max(arrival, instant)
        }
    }
}
