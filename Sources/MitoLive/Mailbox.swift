import MitoLinux
import Synchronization

/// The one queue through which other threads reach a loop. First in, first out, whatever thread it came from.
///
/// The bell is rung only when the loop is asleep: a loop that is at work, or spins, looks at `isEmpty` by itself.
final class Mailbox<Job: Sendable>: Sendable {
    private struct State {
        var jobs: [Job] = []
        var isOpen = true
        var isReaderAsleep = false
    }

    private let state = Mutex(State())
    private let waiting = Atomic<Int>(0)
    private let bell: WakeUp

    init() throws(SystemError) { bell = try WakeUp() }

    /// Readable when the loop must wake up.
    var number: Int32 { bell.number }

    /// Is there nothing to take? May be out of date; exact for what this thread itself has put in.
    var isEmpty: Bool { waiting.load(ordering: .acquiring) == 0 }

    /// Puts a job at the end; false when nobody will ever take it.
    func put(_ job: Job) -> Bool {
        let (isTaken, mustRing) = state.withLock { state in
            guard state.isOpen else { return (false, false) }
            state.jobs.append(job)
            waiting.store(state.jobs.count, ordering: .releasing)
            defer { state.isReaderAsleep = false }
            return (true, state.isReaderAsleep)
        }
        if mustRing { bell.ring() }
        return isTaken
    }

    /// All jobs that wait, oldest first. The loop calls this, and is awake afterwards.
    func take() -> [Job] {
        state.withLock { state in
            state.isReaderAsleep = false
            var taken: [Job] = []
            swap(&taken, &state.jobs)
            waiting.store(0, ordering: .releasing)
            return taken
        }
    }

    /// The loop is about to wait on the bell; false when it must not, since there are jobs.
    func sleep() -> Bool {
        state.withLock { state in
            state.isReaderAsleep = state.jobs.isEmpty
            return state.isReaderAsleep
        }
    }

    /// Silences the bell.
    func wake() { bell.clear() }

    /// Takes what is left and lets nothing more in.
    func close() -> [Job] {
        state.withLock { $0.isOpen = false }
        return take()
    }
}
