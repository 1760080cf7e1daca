// How Swift's runtime is made to hand every piece of a task to a simulation. The protocols are not public in Swift 6.3:
// this file is all that has to change with a toolchain.
#if compiler(>=6.3)
    import CMitoSimulator
    import MitoCore
    @_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) import _Concurrency

    /// The executors of the whole process, which pass on to the simulation of the calling thread, where it has one, and
    /// else to those that the platform brought.
    enum SwiftExecutors {
        /// Puts them in place, for good. Anybody's tasks run as before.
        static func install() { _ = installed }

        private static let installed: Void = {
            // The platform's have to be there before they are replaced.
            _ = Task.defaultExecutor
            _ = (Factory.main, Factory.general)
            _createExecutors(factory: Factory.self)
        }()

        fileprivate enum Factory: ExecutorFactory {
            static let main = RoutingMainExecutor(PlatformExecutorFactory.mainExecutor)
            static let general = RoutingExecutor(PlatformExecutorFactory.defaultExecutor)
            static var mainExecutor: any MainExecutor { main }
            static var defaultExecutor: any TaskExecutor { general }
        }
    }

    extension UserCode {
        /// Runs a piece of a task on this thread until it suspends or ends.
        func run(_ job: UnownedJob, on lane: Lane) {
            switch lane {
            case .general: unsafe job.runSynchronously(on: thorough.asUnownedSerialExecutor())
            case .main: unsafe job.runSynchronously(on: SwiftExecutors.Factory.main.asUnownedSerialExecutor())
            case .context(let executor): unsafe job.runSynchronously(on: executor.asUnownedTaskExecutor())
            }
        }

        /// Where a piece of a task is to run.
        enum Lane {
            /// A task that prefers no executor.
            case general
            /// The main actor.
            case main
            /// A task that a context's program or function is, or that came from one by structure.
            case context(ContextExecutor)
        }

        /// When a sleep that begins now is over; nil when it goes by a clock that this simulation does not move.
        func end<C: Clock>(of delay: C.Duration, on clock: C) -> Instant? {
            guard clock is ContinuousClock || clock is SuspendingClock, let delay = delay as? Swift.Duration else {
                escaped(.unknownClock, "a task sleeps by \(C.self), whose time is not the simulation's")
                return nil
            }
            let (seconds, attoseconds) = delay.components
            return machine.now + .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
        }
    }

    /// The executor that the tasks of one context prefer, and that their children inherit.
    final class ContextExecutor: TaskExecutor, SchedulingExecutor {
        private let userCode: UserCode
        let host: HostIndex

        init(_ userCode: UserCode, _ host: HostIndex) {
            self.userCode = userCode
            self.host = host
        }

        func enqueue(_ job: consuming ExecutorJob) {
            userCode.add(.job(UnownedJob(job), .context(self)), of: host)
        }

        func enqueue<C: Clock>(
            _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
        ) {
            guard let end = userCode.end(of: delay, on: clock) else { return }
            userCode.add(.job(UnownedJob(job), .general), of: host, at: end)
        }

        func enqueue<C: Clock>(
            _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
        ) {
            guard let end = userCode.end(of: clock.now.duration(to: instant), on: clock) else { return }
            userCode.add(.job(UnownedJob(job), .general), of: host, at: end)
        }
    }

    extension StrayTasks {
        /// Takes what comes to the platform's executors on a thread in the real world and is a simulation's.
        fileprivate static func takes(_ job: borrowing ExecutorJob) -> Bool {
            guard isWatching, job.kind == .task, let owner = owner(of: taskNumber(of: job)) else { return false }
            owner.escaped(.foreignThread, "a task went on on a thread that the simulation does not know")
            return true
        }
    }

    extension UserCode {
        /// A task that prefers no executor is this simulation's.
        fileprivate func owns(_ job: borrowing ExecutorJob) {
            unsafe withUnsafePointer(to: job) { job in
                unsafe job.withMemoryRebound(to: UnsafeRawPointer.self, capacity: 1) { task in
                    unsafe owns(task.pointee, number: mito_task_number(task.pointee))
                }
            }
        }

        /// The address of the task or other work that a job is a piece of.
        static func address(of job: UnownedJob) -> UInt { unsafe unsafeBitCast(job, to: UInt.self) }
    }

    private func taskNumber(of job: borrowing ExecutorJob) -> UInt64 {
        unsafe withUnsafePointer(to: job) { job in
            unsafe job.withMemoryRebound(to: UnsafeRawPointer.self, capacity: 1) { unsafe mito_task_number($0.pointee) }
        }
    }

    /// What tasks without a preference seem to run on. The runtime lets a task go on to an idle actor without letting
    /// go of the thread, so that nothing could come between; it does not dare to from an executor like this one.
    ///
    /// It outlives its simulation: a task that was never resumed still names it.
    final class ThoroughExecutor: SerialExecutor, SchedulingExecutor {
        private let userCode: UserCode

        init(_ userCode: UserCode) { self.userCode = userCode }

        func enqueue(_ job: consuming ExecutorJob) { userCode.add(.job(UnownedJob(job), .general)) }

        func enqueue<C: Clock>(
            _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
        ) {
            guard let end = userCode.end(of: delay, on: clock) else { return }
            userCode.add(.job(UnownedJob(job), .general), at: end)
        }

        func enqueue<C: Clock>(
            _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
        ) {
            guard let end = userCode.end(of: clock.now.duration(to: instant), on: clock) else { return }
            userCode.add(.job(UnownedJob(job), .general), at: end)
        }

        func isIsolatingCurrentContext() -> Bool? { false }
    }

    /// The default executor: tasks that prefer no other, and actors.
    private final class RoutingExecutor: TaskExecutor, SchedulingExecutor {
        private let platform: any TaskExecutor

        init(_ platform: any TaskExecutor) { self.platform = platform }

        func enqueue(_ job: consuming ExecutorJob) {
            guard let userCode = SimulatedMachine.userCode else {
                if StrayTasks.takes(job) { return }
                return platform.enqueue(job)
            }
            if job.kind == .task { userCode.owns(job) }
            userCode.add(.job(UnownedJob(job), .general))
        }

        func enqueue<C: Clock>(
            _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
        ) {
            guard let userCode = SimulatedMachine.userCode else {
                return scheduling.enqueue(job, after: delay, tolerance: tolerance, clock: clock)
            }
            guard let end = userCode.end(of: delay, on: clock) else { return }
            userCode.add(.job(UnownedJob(job), .general), at: end)
        }

        func enqueue<C: Clock>(
            _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
        ) {
            guard let userCode = SimulatedMachine.userCode else {
                return scheduling.enqueue(job, at: instant, tolerance: tolerance, clock: clock)
            }
            guard let end = userCode.end(of: clock.now.duration(to: instant), on: clock) else { return }
            userCode.add(.job(UnownedJob(job), .general), at: end)
        }

        private var scheduling: any SchedulingExecutor {
            guard let platform = platform as? any SchedulingExecutor else {
                preconditionFailure("the platform's executor keeps time for Task.sleep")
            }
            return platform
        }
    }

    /// The main actor's executor.
    private final class RoutingMainExecutor: MainExecutor {
        private let platform: any MainExecutor

        init(_ platform: any MainExecutor) { self.platform = platform }

        func enqueue(_ job: consuming ExecutorJob) {
            guard let userCode = SimulatedMachine.userCode else {
                if StrayTasks.takes(job) { return }
                return platform.enqueue(job)
            }
            if job.kind == .task { userCode.owns(job) }
            userCode.add(.job(UnownedJob(job), .main))
        }

        func run() throws { try platform.run() }
        func runUntil(_ condition: () -> Bool) throws { try platform.runUntil(condition) }
        func stop() { platform.stop() }
        var isMainExecutor: Bool { true }

        func checkIsolated() {
            guard let userCode = SimulatedMachine.userCode else { return platform.checkIsolated() }
            precondition(userCode.isOnMainActor, "this code is to run on the main actor, and does not")
        }

        func isIsolatingCurrentContext() -> Bool? {
            guard let userCode = SimulatedMachine.userCode else { return platform.isIsolatingCurrentContext() }
            return userCode.isOnMainActor
        }
    }
#else
    #error("user code is simulated through interfaces of Swift 6.3 and newer")
#endif

extension TaskRoll {
    /// What a task looks like inside was looked at in one release only: in others nothing is on the roll.
    #if compiler(>=6.4)
        static let isLayoutKnown = false
    #else
        static let isLayoutKnown = true
    #endif
}
