import Glibc

/// Why the kernel makes no user namespaces for this process, though it makes them for everybody where nothing forbids
/// it.
///
///     UserNamespaceObstacle.found?.remedy      // "sysctl -w user.max_user_namespaces=10000"
public enum UserNamespaceObstacle: Hashable, Sendable, CaseIterable {
    /// AppArmor keeps ordinary users from them, as on Ubuntu.
    case appArmor
    /// A switch of Debian's kernels is off.
    case debian
    /// No more may be made than there are.
    case limit
    /// The process's root directory was changed.
    case changedRoot

    /// The first that is there; nil where what forbids it is not known, as in most containers.
    public static var found: UserNamespaceObstacle? { allCases.first(where: \.isThere) }

    /// A sentence for people.
    public var why: String {
        switch self {
        case .appArmor: "AppArmor keeps ordinary users from user namespaces"
        case .debian: "the system keeps ordinary users from user namespaces"
        case .limit: "the system allows no more user namespaces"
        case .changedRoot: "the kernel makes no user namespaces under a changed root directory (chroot)"
        }
    }

    /// What an administrator does about it.
    public var remedy: String {
        switch self {
        case .appArmor: "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for it"
        case .debian: "sysctl -w kernel.unprivileged_userns_clone=1"
        case .limit: "sysctl -w user.max_user_namespaces=10000"
        case .changedRoot: "enter that directory with pivot_root instead"
        }
    }

    private var isThere: Bool {
        switch self {
        case .appArmor: geteuid() != 0 && Self.setting("kernel/apparmor_restrict_unprivileged_userns") == 1
        case .debian: geteuid() != 0 && Self.setting("kernel/unprivileged_userns_clone") == 0
        case .limit: Self.setting("user/max_user_namespaces") == 0
        case .changedRoot: Self.isRootChanged
        }
    }

    private static func setting(_ name: String) -> Int? {
        Machine.text(of: "/proc/sys/\(name)").flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    /// A root directory that nothing is mounted on is not that of a mount namespace.
    private static var isRootChanged: Bool {
        guard let mounts = Machine.text(of: "/proc/self/mountinfo") else { return false }
        return !mounts.split(separator: "\n").contains { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            return fields.count > 4 && fields[4] == "/"
        }
    }
}
