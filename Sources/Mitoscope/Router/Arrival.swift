import Synchronization

/// That what a thread blocks for has come, whatever it is: all that a world has to know while it takes its turns on
/// that thread.
///
/// ```swift
/// let arrival = Arrival()
/// world.submit("a sum", awaiting: arrival) { _, _, _ in arrival.happen() }
/// ```
public final class Arrival: Sendable {
    private enum State {
        case none
        case awaited(any Parker)
        case happened
    }

    private let state = Mutex(State.none)

    public init() {}

    /// It has come. Once is enough.
    public func happen() {
        let parker: (any Parker)? = state.withLock { state in
            defer { state = .happened }
            guard case .awaited(let parker) = state else { return nil }
            return parker
        }
        parker?.unpark()
    }

    /// Has it come?
    public var hasHappened: Bool {
        state.withLock { if case .happened = $0 { true } else { false } }
    }

    /// Has it come? If not, its coming will unpark the calling thread, whose parker this must be.
    public func hasHappened(orUnpark parker: any Parker) -> Bool {
        state.withLock { state in
            if case .happened = state { return true }
            state = .awaited(parker)
            return false
        }
    }
}
