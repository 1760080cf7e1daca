import TestSupport
import Glibc
import MitoLinux
import MitoLive

/// What this machine lets these tests do. `.ci/setup --containers` installs what they need.
enum Host {
    static let isRoot = getuid() == 0

    static func has(_ programs: String...) -> Bool { programs.allSatisfy { Machine.program($0) != nil } }

    static let hasLXC = isRoot && has("lxc-start", "lxc-info", "lxc-stop", "busybox")
    static let hasPodman = isRoot && has("podman", "runc", "busybox", "unshare")
    static let hasNspawn = isRoot && has("systemd-nspawn", "busybox")
    static let hasUnshare = isRoot && has("unshare", "busybox", "nsenter")
    /// May an ordinary user make a user namespace here?
    static let hasRootless = Kernel.hasRootless
}

extension Processes {
    /// Those that live in a pid namespace, as the link in their folders names it.
    static func inPIDNamespace(_ namespace: String?) -> [String] {
        names(in: "/proc").filter {
            Int32($0) != nil && Machine.linkTarget("/proc/\($0)/ns/pid") == namespace && namespace != nil
        }
    }
}

extension Live {
    /// Waits until what the router was asked for is on its way: it is asked for in one order, and this comes last.
    func hasSaidAll() async {
        await withCheckedContinuation { said in broker.submit("said") { _, _, _ in said.resume() } }
    }
}
