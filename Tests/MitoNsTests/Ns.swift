import TestSupport
import Glibc
import MitoLinux

/// `mito-ns` as it was built, and what it finds on this machine.
enum Ns {
    /// The program.
    static let path = Built.ns

    static let isSuperuser = geteuid() == 0

    /// May an ordinary user make namespaces here?
    static let hasUserNamespaces = Kernel.hasRootless

    /// Can system calls be watched, those of privileged programs too?
    static let canTrace = isSuperuser && Machine.isProgram("/usr/bin/strace")

    static let hasFileCapabilities = isSuperuser && Machine.isProgram(setcap)
    static let setcap = "/usr/sbin/setcap"
    static let busybox = "/usr/bin/busybox"
    static let canEnterRoot = isSuperuser && Machine.isProgram(busybox)

    /// What an administrator would grant.
    static let granted = "cap_setgid,cap_setuid,cap_setpcap,cap_sys_chroot,cap_sys_ptrace,cap_sys_admin,cap_setfcap=p"
}

/// A folder that is gone with this value, and which every user may look into.
final class Workshop {
    private let folder: TemporaryFolder
    var path: String { folder.path }

    init() throws {
        folder = try TemporaryFolder()
        chmod(path, 0o755)
    }

    /// A copy of `mito-ns` that everybody may run, with capabilities of its own if they are given.
    func program(capabilities: String? = nil) throws -> String {
        let copy = "\(path)/mito-ns"
        try Run(["/bin/cp", Ns.path, copy]).succeed()
        chmod(copy, 0o755)
        if let capabilities { try Run([Ns.setcap, capabilities, copy]).succeed() }
        return copy
    }

    /// A root directory with busybox, and the users that are given.
    func root(users: String = "", groups: String = "", _ name: String = "root") throws -> String {
        let root = try folder.busyboxRoot(name)
        for home in ["/home", "/home/web"] { mkdir(root + home, 0o755) }
        try write(users, to: "\(root)/etc/passwd")
        try write(groups, to: "\(root)/etc/group")
        return root
    }

    func write(_ text: String, to path: String) throws {
        guard try FileDescriptor.replacing(path).writeAll(Array(text.utf8)) else { throw SystemError("write", EPIPE) }
    }
}
