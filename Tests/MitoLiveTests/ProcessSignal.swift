import TestSupport
import Glibc

/// Signals to processes that are no children of this one.
enum ProcessSignal {
    static func kill(_ pid: Int32) -> Bool { Glibc.kill(pid, SIGKILL) == 0 }
    /// Returns when no thread of it runs any more: one has to take the signal before the others stop.
    static func freeze(_ pid: Int32) -> Bool {
        guard Glibc.kill(pid, SIGSTOP) == 0 else { return false }
        while Processes.hasRunningThread(pid) { usleep(100) }
        return true
    }
    static func thaw(_ pid: Int32) -> Bool { Glibc.kill(pid, SIGCONT) == 0 }
}
