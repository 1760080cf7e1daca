import CMitoLinux
import Glibc

/// What ends this process when its parent ends, however that comes. The kernel keeps it for a thread, and the one that
/// must be able to let go of it is the only one that should have it.
///
///     let bond = ParentBond()                 // on the thread that was there first
///     try Thread("worker") { bond.hold() … }
///     bond.loosen()                           // once the other one holds it: a frozen process never loses it
public struct ParentBond: Sendable {
    private let parent: Int32?

    /// What the starter of this process has tied to the calling thread, if anything.
    public init() { parent = mito_parent_death_signal() == 0 ? nil : getppid() }

    /// Ties it to the calling thread too. The process ends here when the parent is gone already.
    public func hold() {
        guard let parent else { return }
        _ = mito_set_parent_death_signal(SIGKILL)
        if getppid() != parent { _exit(0) }
    }

    /// Unties it from the calling thread.
    public func loosen() { _ = mito_set_parent_death_signal(0) }

    /// Lets go of the parent, its session and its terminal. Called on the thread that holds the bond.
    public static func release() {
        _ = mito_set_parent_death_signal(0)
        // Fails in the leader of a group, which no child that we start is.
        _ = setsid()
    }
}
