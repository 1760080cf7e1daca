/// All that `mito-ns` may ever do with a raised capability. There is no other call of that kind in it: what runs with a
/// capability, what `mito-ns capabilities` lists and what an error asks for are the same rows.
enum Privilege: CaseIterable, Sendable {
    case lookIntoProcess, joinNamespaces, joinMounts, changeRoot, makeNamespaces, makeForSuperuser
    case openOwnMap, openUserMap, openSuperuserMap, mapUsers, openGroupMap, mapGroups, mount, nameHost
    case setGroups, setGroup, setUser, dropBounding

    /// The system call.
    var call: StaticString {
        switch self {
        case .lookIntoProcess, .openOwnMap, .openUserMap, .openSuperuserMap, .openGroupMap: "openat"
        case .joinNamespaces, .joinMounts: "setns"
        case .makeNamespaces, .makeForSuperuser: "unshare"
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

    /// What the kernel asks for. It is one, but for two calls that it lets pass with no less than two.
    var capabilities: CapabilitySet {
        switch self {
        case .lookIntoProcess: [.trace]
        case .joinNamespaces, .makeNamespaces, .openOwnMap, .mount, .nameHost: [.administer]
        case .joinMounts: [.administer, .changeRoot]
        case .makeForSuperuser: [.setFileCapabilities]
        case .openUserMap, .mapUsers, .setUser: [.setUser]
        case .openSuperuserMap: [.setUser, .setFileCapabilities]
        case .openGroupMap, .mapGroups, .setGroups, .setGroup: [.setGroup]
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
        case .openOwnMap: "to say that the only user of a user namespace just made is the caller"
        case .makeForSuperuser: "to make a user namespace that the superuser is in, as its only user"
        case .openSuperuserMap: "to give a user namespace the superuser among its users"
        case .openUserMap, .mapUsers: "to give a user namespace users other than the caller"
        case .openGroupMap, .mapGroups: "to give a user namespace groups other than the caller's"
        case .mount: "to mount /proc and to keep mounts apart, in a mount namespace just made"
        case .nameHost: "to set the host name, in a uts namespace just made"
        case .changeRoot: "to make the container's root directory the program's"
        case .setGroups: "to give up the caller's groups and take those of the user"
        case .setGroup: "to take the user's group"
        case .setUser: "to become the user"
        case .dropBounding: "to empty the bounding set, so that nothing that the program starts gets a capability"
        }
    }

    /// All that any of them takes.
    static let everything = CapabilitySet(allCases.flatMap(\.capabilities.elements))
}
