import Synchronization

/// The tasks of all simulations of this process that prefer no executor. Resumed by a thread of the real world they
/// turn up at the platform's executors, where this tells whose they are.
///
/// An actor that goes on for such a task cannot be told from anybody else's; the task is seen when it leaves the actor.
enum StrayTasks {
    /// Whose tasks these are. For look-up only, never iterated.
    private static let owners = Mutex<[UInt64: UserCode]>([:])
    private static let watched = Atomic<Int>(0)

    /// Is there any such task? Asked for each piece of every task in the process.
    static var isWatching: Bool { watched.load(ordering: .relaxed) > 0 }

    static func watch(_ task: UInt64, of userCode: UserCode) {
        owners.withLock { $0[task] = userCode }
        watched.add(1, ordering: .relaxed)
    }

    static func forget(_ tasks: [UInt64]) {
        owners.withLock { owners in
            for task in tasks { owners[task] = nil }
        }
        watched.subtract(tasks.count, ordering: .relaxed)
    }

    static func owner(of task: UInt64) -> UserCode? { owners.withLock { $0[task] } }
}
