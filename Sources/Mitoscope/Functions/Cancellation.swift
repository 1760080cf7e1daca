import Synchronization

/// A word to the code of one call that nobody waits for its result any more. It is said once, and stays said.
final class Cancellation: Sendable {
    private enum State {
        case no(onCancel: (@Sendable () -> Void)?)
        case yes
    }

    private let state = Mutex(State.no(onCancel: nil))

    var isCancelled: Bool {
        state.withLock { if case .yes = $0 { true } else { false } }
    }

    func cancel() {
        let onCancel: (@Sendable () -> Void)? = state.withLock { state in
            guard case .no(let onCancel) = state else { return nil }
            state = .yes
            return onCancel
        }
        onCancel?()
    }

    /// Runs `body` when it is said; at once when it was said before.
    func whenCancelled(_ body: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if case .yes = state { return true }
            state = .no(onCancel: body)
            return false
        }
        if isLate { body() }
    }
}
