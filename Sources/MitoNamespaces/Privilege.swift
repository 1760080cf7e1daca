import MitoLinux

/// All that `mito-ns` may ever do with a raised capability. There is no other call of that kind in it: what runs with a
/// capability, what `mito-ns capabilities` lists and what an error asks for are the same rows.
enum Privilege: CaseIterable, Sendable {
    case lookIntoProcess, joinNamespaces, joinMounts, makeNamespaces, mapUsers, mapGroups, mount, nameHost
    case changeRoot, setGroups, setGroup, setUser, dropBounding

    /// The system call.
    var call: StaticString {
        switch self {
        case .lookIntoProcess: "openat"
        case .joinNamespaces, .joinMounts: "setns"
        case .makeNamespaces: "unshare"
        case .mapUsers, .mapGroups: "write"
        case .mount: "mount"
        case .nameHost: "sethostname"
        case .changeRoot: "chroot"
        case .setGroups: "setgroups"
        case .setGroup: "setresgid"
        case .setUser: "setresuid"
        case .dropBounding: "prctl"
        }
    }

    /// What the kernel asks for. It is one, but where mounts are joined: that takes two at once.
    var capabilities: CapabilitySet {
        switch self {
        case .lookIntoProcess: [.trace]
        case .joinNamespaces, .makeNamespaces, .mount, .nameHost: [.administer]
        case .joinMounts: [.administer, .changeRoot]
        case .mapUsers, .setUser: [.setUser]
        case .mapGroups, .setGroups, .setGroup: [.setGroup]
        case .changeRoot: [.changeRoot]
        case .dropBounding: [.setCapabilities]
        }
    }

    /// What for.
    var reason: String {
        switch self {
        case .lookIntoProcess: "to open the namespaces and the root directory of another user's process"
        case .joinNamespaces: "to join a namespace"
        case .joinMounts: "to join a mount namespace"
        case .makeNamespaces: "to make a namespace"
        case .mapUsers: "to give a user namespace users other than the caller"
        case .mapGroups: "to give a user namespace groups other than the caller's"
        case .mount: "to mount /proc and to keep mounts apart, in a mount namespace just made"
        case .nameHost: "to set the host name, in a uts namespace just made"
        case .changeRoot: "to make the container's root directory the program's"
        case .setGroups: "to give up the caller's groups and take those of the user"
        case .setGroup: "to take the user's group"
        case .setUser: "to become the user"
        case .dropBounding: "to empty the bounding set, so that nothing that the program starts gets a capability"
        }
    }

    /// Does it change what this process may do, so that the effective set must be emptied after it whatever was before?
    var changesCapabilities: Bool {
        switch self {
        case .joinNamespaces, .joinMounts, .makeNamespaces, .setUser: true
        default: false
        }
    }

    /// All that any of them takes.
    static let everything = CapabilitySet(allCases.flatMap(\.capabilities.elements))
}
