import CMitoSimulator
import MitoCore

/// The tasks of a simulation that nothing holds together: no group and no function waits for them, so that one which
/// nobody resumes, as a continuation that was dropped leaves it, would be missed by nobody.
///
/// A task is on the roll from the first time that it is to run on an executor of this process. One that only ever runs
/// on actors is not seen: the executor is given the actor's work then, not the task.
struct TaskRoll {
    /// A task that has not ended, as far as is known.
    ///
    /// `@safe`: the roll keeps the task alive for as long as its entry is there.
    @safe struct Entry {
        let number: UInt64
        /// Whose code began it, and when.
        let host: HostIndex
        let code: String?
        let begun: Instant
        fileprivate let task: Unmanaged<AnyObject>
    }

    /// By address; the roll keeps each task alive, so that an address is not used twice. For look-up only.
    private var entries: [UInt: Entry] = [:]
    /// With so many the roll is gone through for those that have ended on an actor.
    private var sweepCount = sweepMin

    /// Takes in a task, unless another one waits for it by structure. It must be one that has not ended.
    mutating func add(_ task: UnsafeRawPointer, number: UInt64, of host: HostIndex, _ code: String?, at time: Instant) {
        guard Self.isLayoutKnown, unsafe mito_task_is_child(task) == 0 else { return }
        let kept = unsafe Unmanaged<AnyObject>.fromOpaque(task)
        _ = unsafe kept.retain()
        entries[UInt(bitPattern: task)] = unsafe Entry(
            number: number, host: host, code: code, begun: time, task: kept)
        guard entries.count > sweepCount else { return }
        sweep()
        sweepCount = max(Self.sweepMin, 2 * entries.count)
    }

    /// A piece of this task, or of another, has run.
    mutating func ran(_ address: UInt) {
        guard let entry = entries[address], entry.hasEnded else { return }
        entries[address] = nil
        unsafe entry.task.release()
    }

    /// Those that have not ended, in the order of their making, but for those at these addresses.
    mutating func open(besides addresses: Set<UInt>) -> [Entry] {
        sweep()
        return entries.keys.sorted().filter { !addresses.contains($0) }.compactMap { entries[$0] }
            .sorted { $0.number < $1.number }
    }

    /// Lets go of all.
    mutating func clear() {
        for address in entries.keys.sorted() { unsafe entries[address]?.task.release() }
        entries = [:]
    }

    private mutating func sweep() {
        for address in entries.keys.sorted() { ran(address) }
    }

    private static let sweepMin = 64
}

extension TaskRoll.Entry {
    fileprivate var hasEnded: Bool { unsafe mito_task_has_ended(task.toOpaque()) != 0 }
}
