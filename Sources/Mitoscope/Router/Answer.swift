import Synchronization

/// One value on its way from whoever has it to the one thread that blocks for it.
///
/// ```swift
/// let answer = Answer<Int>()
/// world.submit("a sum") { _, _, _ in answer.give(42) }
/// print(answer.wait())
/// ```
public final class Answer<Value: Sendable>: Sendable {
    private enum State {
        case none
        case awaited(any Parker)
        case given(Value)
    }

    private let state = Mutex(State.none)

    public init() {}

    /// Gives the value. Only the first counts.
    public func give(_ value: Value) {
        let parker: (any Parker)? = state.withLock { state in
            switch state {
            case .none:
                state = .given(value)
                return nil
            case .awaited(let parker):
                state = .given(value)
                return parker
            case .given: return nil
            }
        }
        parker?.unpark()
    }

    /// The value, once it was given.
    public var value: Value? { state.withLock { if case .given(let value) = $0 { value } else { nil } } }

    /// Blocks this thread until the value is there. One thread may wait.
    public func wait() -> Value {
        let parker = Parkers.current
        while true {
            if let value = value(orUnpark: parker) { return value }
            parker.park(timeout: nil)
        }
    }

    /// The value, if it is there; else its coming will unpark the calling thread, whose parker this must be.
    public func value(orUnpark parker: any Parker) -> Value? {
        state.withLock { state in
            if case .given(let value) = state { return value }
            state = .awaited(parker)
            return nil
        }
    }
}
