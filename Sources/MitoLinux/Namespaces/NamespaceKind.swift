import CMitoLinux

/// What a process may have of its own, or share with others.
///
///     NamespaceKind(rawValue: "net")?.procName      // "net"
public enum NamespaceKind: String, CaseIterable, Comparable, Sendable, CustomStringConvertible {
    /// Users, groups and capabilities; all others belong to one of these.
    case user
    case cgroup, ipc, uts, net
    /// Process numbers; for children only.
    case pid
    /// What is mounted where.
    case mount
    /// The clocks that count from the start of the machine.
    case time

    /// What it is called in `/proc/PID/ns`.
    public var procName: String { self == .mount ? "mnt" : rawValue }

    /// Its bit for `setns` and `unshare`.
    public var flag: Int32 {
        switch self {
        case .user: Int32(MITO_USER)
        case .cgroup: Int32(MITO_CGROUP)
        case .ipc: Int32(MITO_IPC)
        case .uts: Int32(MITO_UTS)
        case .net: Int32(MITO_NET)
        case .pid: Int32(MITO_PID)
        case .mount: Int32(MITO_MOUNT)
        case .time: Int32(MITO_TIME)
        }
    }

    /// In the order in which they are joined: what the later ones need is not lost by the earlier ones.
    public static func < (left: NamespaceKind, right: NamespaceKind) -> Bool { left.order < right.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    public var description: String { rawValue }
}
