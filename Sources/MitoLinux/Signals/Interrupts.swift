import CMitoLinux
import Glibc

/// Ctrl-C and its kin: SIGINT, SIGTERM and SIGHUP. The first is told to whoever waits here, the second ends the
/// process at once with the status that a shell gives for that signal.
///
///     let interrupts = try Interrupts()
///     try Thread("interrupts") { shutDown(); exit(interrupts.wait()) }.detach()
public struct Interrupts: ~Copyable, Sendable {
    private let bell: WakeUp

    /// Catches them from now on, for good. Once in a process.
    public init() throws(SystemError) {
        let bell = try WakeUp()
        let number = bell.number
        try system("sigaction") { mito_catch_interrupts(number) }
        self.bell = bell
    }

    /// Blocks this thread until the first one comes.
    ///
    /// - Returns: the exit status that a shell gives for it: 130 after Ctrl-C.
    public borrowing func wait() -> Int32 {
        while true {
            if let status = Self.status { return status }
            var watched = pollfd(fd: bell.number, events: Int16(POLLIN), revents: 0)
            poll(&watched, 1, -1)
        }
    }

    /// The exit status for the first one that came; nil when none has.
    public static var status: Int32? {
        let signal = mito_interrupt()
        return signal == 0 ? nil : 128 + signal
    }
}
