import MitoLinux
import Synchronization

/// The thread on which code may block, so that the broker's loop never does. It exists only once it was needed.
final class DispatchThread: Sendable {
    private struct State {
        var bodies: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    /// Runs `body` after everything that was asked for before. Fails when there can be no thread.
    func run(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let mustStart = state.withLock { state in
            state.bodies.append(body)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustStart else { return }
        do throws(SystemError) {
            try Thread("mito-dispatch") { self.work() }.detach()
        } catch {
            state.withLock { $0 = State() }
            throw error
        }
    }

    private func work() {
        while let body = next() { body() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.bodies.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.bodies.removeFirst()
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
