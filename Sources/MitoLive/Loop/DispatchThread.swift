import Mitoscope
import MitoLinux
import Synchronization

/// The thread on which code may block, so that the broker's loop never does. It exists once it was needed, and then for
/// as long as this does: to start one anew costs more than a call.
final class DispatchThread: Sendable {
    private let queue = Queue()

    deinit { queue.close() }

    /// Runs `body` after everything that was asked for before. Fails when there can be no thread.
    func run(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        guard queue.add(body) else { return }
        do throws(SystemError) {
            try Thread("mito-dispatch") { [queue] in queue.work() }.detach()
        } catch {
            queue.reset()
            throw error
        }
    }

    /// What waits to be run. The thread holds this, and not the object that it is a part of.
    private final class Queue: Sendable {
        private struct State {
            var bodies: [@Sendable () -> Void] = []
            var isStarted = false
            var isOpen = true
            /// The thread, while it has nothing to do.
            var idle: (any Parker)?
        }

        private let state = Mutex(State())

        /// True when a thread must be started for it.
        func add(_ body: @escaping @Sendable () -> Void) -> Bool {
            let (mustStart, idle) = state.withLock { state in
                state.bodies.append(body)
                defer { (state.isStarted, state.idle) = (true, nil) }
                return (!state.isStarted, state.idle)
            }
            idle?.unpark()
            return mustStart
        }

        func reset() { state.withLock { $0 = State() } }

        func close() {
            let idle = state.withLock { state in
                state.isOpen = false
                return state.idle
            }
            idle?.unpark()
        }

        func work() {
            while let body = next() { body() }
        }

        /// Waits for something to do; nil when nothing will come any more.
        private func next() -> (@Sendable () -> Void)? {
            let parker = Parkers.current
            while true {
                let (body, isOpen) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
                    if !state.bodies.isEmpty { return (state.bodies.removeFirst(), true) }
                    state.idle = parker
                    return (nil, state.isOpen)
                }
                guard body == nil, isOpen else { return body }
                parker.park(timeout: nil)
            }
        }
    }
}

extension DispatchThread: TaskExecutor {
    /// Runs a piece of a task here, after everything that was asked for before.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        do throws(SystemError) {
            try run { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        } catch {
            fatalError("a task cannot go on without a thread: \(error)")
        }
    }
}
