import CMitoSimulator
import Synchronization

/// Tells another thread, in real time, whether user code still runs or has come to a standstill that only something
/// outside the simulation could end.
final class Pulse: Sendable {
    private let beats = Atomic<UInt64>(0)
    /// The simulation's own thread, and the one that has the baton.
    private let home = Atomic<Int32>(0)
    private let running = Atomic<Int32>(0)
    private let code = Mutex<String?>(nil)

    /// A piece of this function or program begins to run.
    func beat(_ name: String?) {
        beats.add(1, ordering: .relaxed)
        code.withLock { $0 = name }
    }

    /// The calling thread is the simulation's.
    func begin() {
        home.store(mito_thread_number(), ordering: .relaxed)
        runs(on: nil)
    }

    /// The thread of this number has the baton; nil = the simulation's own.
    func runs(on number: Int32?) {
        running.store(number ?? home.load(ordering: .relaxed), ordering: .relaxed)
    }

    /// What somebody who looks now and then sees.
    struct Look: Equatable {
        let beats: UInt64
        let thread: Int32
        let isAsleep: Bool

        /// Nothing has happened since that earlier look, and nothing was about to.
        func isStandstill(since earlier: Look) -> Bool { isAsleep && self == earlier }
    }

    /// Whose piece ran last. From whatever thread.
    var name: String? { code.withLock { $0 } }

    /// From whatever thread.
    var look: Look {
        let thread = running.load(ordering: .relaxed)
        return Look(
            beats: beats.load(ordering: .relaxed), thread: thread,
            isAsleep: thread != 0 && mito_thread_is_asleep(thread) != 0)
    }
}
