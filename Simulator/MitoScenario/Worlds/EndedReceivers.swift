import MitoCore
import Synchronization

/// The receivers whose senders have closed, until the runner closes them too.
final class EndedReceivers: Sendable {
    private let handles = Mutex<[Handle]>([])

    func add(_ handle: Handle) { handles.withLock { $0.append(handle) } }

    func take() -> [Handle] {
        handles.withLock { handles in
            defer { handles = [] }
            return handles
        }
    }
}
