import Glibc
import MitoLinux

/// What this machine lets these tests do. `.ci/setup --containers` installs what they need.
enum Host {
    static let isRoot = getuid() == 0

    static func has(_ programs: String...) -> Bool { programs.allSatisfy { Machine.program($0) != nil } }

    static let hasLXC = isRoot && has("lxc-start", "lxc-info", "lxc-stop", "busybox")
    static let hasPodman = isRoot && has("podman", "runc", "busybox", "unshare")
    static let hasNspawn = isRoot && has("systemd-nspawn", "busybox")
    static let hasUnshare = isRoot && has("unshare", "busybox", "nsenter")
    /// May an ordinary user make a user namespace here?
    static let hasRootless: Bool = {
        guard isRoot, has("unshare", "setpriv") else { return false }
        return (try? run(asOrdinaryUser + ["unshare", "-Urn", "true"]).exit) == .status(0)
    }()

    /// The program that enters namespaces, which was built beside the agent.
    static let mitoNS = Machine.environmentVariable("MITOSCOPE_NS") ?? Live.folder + "/mito-ns"

    /// What runs another program as somebody without any right.
    static let asOrdinaryUser = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
}
