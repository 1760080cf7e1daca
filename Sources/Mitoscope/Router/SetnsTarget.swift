/// What made a container: it knows which process leads it.
public enum ContainerKind: String, CaseIterable, Sendable {
    case docker, podman, lxc, lxd, incus
    /// A container of systemd-nspawn that is registered, which `machinectl` lists; `nspawn` is another word for it.
    case machinectl, nspawn
}

/// Whose namespaces a context enters.
///
/// ```swift
/// let web = try await router.setns(.container(.podman, "web"))
/// let beside = try await router.setns(.process(4711), username: "www")
/// let blue = try await router.setns(.namespaces([.init(.net, "/run/netns/blue")]))
/// ```
public enum SetnsTarget: Hashable, Sendable {
    /// Those of a container, with its root directory.
    case container(ContainerKind, String)
    /// Those of a process, with its root directory.
    case process(Int32)
    /// These and no others; the root directory stays.
    case namespaces([NamespaceFile])
}

/// A namespace as a file: what `/proc/PID/ns` holds, or what such a file is mounted on.
public struct NamespaceFile: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case user, mount, pid, net, uts, ipc, cgroup, time
    }

    public var kind: Kind
    /// From the root directory on.
    public var path: String

    public init(_ kind: Kind, _ path: String) {
        self.kind = kind
        self.path = path
    }
}

/// With what a context enters namespaces, where that is not the usual.
///
/// ```swift
/// var options = SetnsOptions()
/// options.capabilities = ["net_admin"]
/// options.toolPath = "/opt/podman/bin/podman"
/// ```
public struct SetnsOptions: Hashable, Sendable {
    /// The context's user there, by name or number; a name is one of the container's own. nil = the user who starts it,
    /// which is root where root does, or where the container's users are not those of the host.
    public var username: String?
    /// Capabilities that it keeps, such as `net_admin`. It has no others, whoever it is.
    public var capabilities: [String] = []
    /// The tool that is asked for a container's leader; nil = the one of its kind in PATH.
    public var toolPath: String?
    /// `mito-ns`, which enters; nil = as `MITOSCOPE_NS` says, else beside the image or the program that
    /// starts it, else in PATH.
    public var mitoNSPath: String?
    /// Another root directory than the target's, as seen from there.
    public var root: String?

    public init() {}
}
