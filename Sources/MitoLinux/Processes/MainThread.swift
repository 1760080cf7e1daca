import CMitoLinux
// Its library has the main queue.
import Dispatch
import Glibc
import Synchronization

/// What a program's main thread does while others work: it serves `@MainActor`.
///
///     let main = try MainThread()
///     Task { await work(); main.release() }
///     main.serve()
public final class MainThread: Sendable {
    private let bell: WakeUp
    private let isReleased = Atomic(false)

    /// Serves nothing yet.
    public init() throws(SystemError) { bell = try WakeUp() }

    /// Does what is asked of the main actor until `release`. Only for the main thread.
    public func serve() {
        let queue = mito_main_queue()
        while !isReleased.load(ordering: .acquiring) {
            var watched = [queue, bell.number].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&watched, nfds_t(watched.count), -1) > 0 else { continue }
            if watched[0].revents != 0 { mito_serve_main_queue() }
        }
    }

    /// Lets the main thread go, whatever still waits for it.
    public func release() {
        isReleased.store(true, ordering: .releasing)
        bell.ring()
    }
}
