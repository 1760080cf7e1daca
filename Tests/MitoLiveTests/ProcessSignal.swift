import Glibc

/// Signals to processes that are no children of this one.
enum ProcessSignal {
    static func kill(_ pid: Int32) -> Bool { Glibc.kill(pid, SIGKILL) == 0 }
    static func freeze(_ pid: Int32) -> Bool { Glibc.kill(pid, SIGSTOP) == 0 }
    static func thaw(_ pid: Int32) -> Bool { Glibc.kill(pid, SIGCONT) == 0 }
}
