import Synchronization

/// One value on its way from whoever has it to the one thread that blocks for it.
///
/// ```swift
/// let answer = Answer<Int>()
/// world.submit("a sum") { _, _, _ in answer.give(42) }
/// print(answer.wait())
/// ```
public final class Answer<Value: Sendable>: Sendable {
    /// Whether the value is there.
    public let arrival = Arrival()
    private let given = Mutex<Value?>(nil)

    public init() {}

    /// Gives the value. Only the first counts.
    public func give(_ value: Value) {
        let isFirst = given.withLock { given in
            guard given == nil else { return false }
            given = value
            return true
        }
        if isFirst { arrival.happen() }
    }

    /// The value, once it was given.
    public var value: Value? { given.withLock { $0 } }

    /// Blocks this thread until the value is there. One thread may wait.
    public func wait() -> Value {
        let parker = Parkers.current
        while !arrival.hasHappened(orUnpark: parker) { parker.park(timeout: nil) }
        guard let value else { preconditionFailure("an answer has arrived and has no value") }
        return value
    }
}

/// That an answer has come, whatever it says: what a world has to know while it takes its turns on the thread that waits.
///
/// ```swift
/// while !answer.arrival.hasHappened { takeTurn() }
/// ```
public final class Arrival: Sendable {
    private enum State {
        case none
        case awaited(any Parker)
        case happened
    }

    private let state = Mutex(State.none)

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

    func happen() {
        let parker: (any Parker)? = state.withLock { state in
            defer { state = .happened }
            guard case .awaited(let parker) = state else { return nil }
            return parker
        }
        parker?.unpark()
    }
}
