import Synchronization

/// What is to be told to whoever waits, at the end of a turn: after the trace was written, so that nothing that they
/// do next can precede, in the trace, what led to it.
final class Outbox: Sendable {
    private let messages = Mutex<[@Sendable () -> Void]>([])

    /// Keeps a message for the end of the turn.
    func put(_ message: @escaping @Sendable () -> Void) { messages.withLock { $0.append(message) } }

    /// Tells everything, in the order in which it was put in.
    func deliver() {
        let taken = messages.withLock { messages in
            var taken: [@Sendable () -> Void] = []
            swap(&taken, &messages)
            return taken
        }
        for message in taken { message() }
    }
}
