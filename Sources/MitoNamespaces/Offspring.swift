import CMitoLinux
import Glibc
import MitoLinux

/// A child in the namespaces that are for children only, and this process in its place outside: it passes on the
/// signals that it gets, and ends as the child ended. The child never outlives it.
struct Offspring {
    /// What a process is after the fork.
    enum Side {
        /// It lives in the namespaces.
        case child(Bond)
        case parent(Offspring)
    }

    /// Ties the child to its parent.
    struct Bond {
        fileprivate let signal: Shared<FileDescriptor>

        /// To be called when nothing more changes what the process may do, as that would loosen it.
        ///
        /// It waits until the parent is the same user with nothing left. Before that the kernel would find that a dying
        /// parent has no right to end this child.
        func hold() throws(Refusal) {
            let number = signal.number
            try during(.start, "the bond to mito-ns") { () throws(SystemError) in
                try system("prctl") { mito_set_parent_death_signal(SIGKILL) }
            }
            var byte: UInt8 = 0
            let count = try during(.start, "the bond to mito-ns") { () throws(SystemError) in
                try system("read") { read(number, &byte, 1) }
            }
            // It ended, or failed and said so; or it ended when it had let us go, and before its death meant ours.
            var watched = pollfd(fd: number, events: 0, revents: 0)
            if count == 0 || poll(&watched, 1, 0) != 0 { _exit(NamespaceContract.failedStatus) }
        }
    }

    private let handle: Shared<FileDescriptor>
    /// Closed by the end of this process and nothing else: that is what the child sees.
    private let signal: Int32

    static func fork() throws(Refusal) -> Side {
        var ends: [Int32] = [-1, -1]
        try during(.start, "the bond to mito-ns") { () throws(SystemError) in
            try system("pipe2") { mito_pipe(&ends) }
        }
        mito_hold_signals()
        let pid = try during(.start, "a child in the namespace") { () throws(SystemError) in
            try system("fork") { mito_fork() }
        }
        if pid == 0 {
            mito_release_signals()
            close(ends[1])
            return .child(Bond(signal: Shared(FileDescriptor(owning: ends[0]))))
        }
        // The other end stays open too: a child that has failed already must not cost us our life by SIGPIPE.
        let handle = try during(.start, "the child") { () throws(SystemError) in
            Shared(FileDescriptor(owning: try system("pidfd_open") { mito_pidfd_open(pid) }))
        }
        return .parent(Offspring(handle: handle, signal: ends[1]))
    }

    /// Lets the child go on, waits for it, and ends as it ended. To be called when this process has nothing left.
    ///
    /// - Parameter descriptors: what the program has. Whoever reads from it must see the end when it closes them.
    func follow(closing descriptors: [Int32]) -> Never {
        for number in descriptors { close(number) }
        var byte: UInt8 = 1
        _ = write(signal, &byte, 1)
        var isSignal: Int32 = 0
        var status: Int32 = 0
        while true {
            let signal = mito_next_signal()
            if signal != 0 {
                _ = mito_pidfd_send_signal(handle.number, signal)
            } else if mito_reap(handle.number, &isSignal, &status) == 1 {
                break
            }
        }
        if isSignal != 0 {
            SignalBell.endProcess(by: status)
            _exit(128 + status)
        }
        _exit(status)
    }
}
