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
        fileprivate let parent: FileDescriptorBox

        /// To be called when nothing more changes what the process may do, as that would loosen it.
        func hold() throws(Refusal) {
            try during(.start, "the bond to mito-ns") { () throws(SystemError) in
                try system("prctl") { mito_set_parent_death_signal(SIGKILL) }
            }
            // It may have ended before that.
            var watched = pollfd(fd: parent.number, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, 0) != 0 { _exit(NamespaceContract.failedStatus) }
        }
    }

    private let handle: FileDescriptorBox

    static func fork() throws(Refusal) -> Side {
        let parent = try during(.start, "the bond to mito-ns") { () throws(SystemError) in
            FileDescriptorBox(FileDescriptor(owning: try system("pidfd_open") { mito_pidfd_open(getpid()) }))
        }
        mito_hold_signals()
        let pid = try during(.start, "a child in the namespace") { () throws(SystemError) in
            try system("fork") { mito_fork() }
        }
        if pid == 0 {
            mito_release_signals()
            return .child(Bond(parent: parent))
        }
        let handle = try during(.start, "the child") { () throws(SystemError) in
            FileDescriptorBox(FileDescriptor(owning: try system("pidfd_open") { mito_pidfd_open(pid) }))
        }
        return .parent(Offspring(handle: handle))
    }

    /// Waits for the child, and ends as it ended.
    ///
    /// - Parameter descriptors: what the program has. Whoever reads what it writes must see the end when it closes them.
    func follow(closing descriptors: [Int32]) -> Never {
        for number in descriptors { close(number) }
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
            mito_end_by(status)
            _exit(128 + status)
        }
        _exit(status)
    }
}
