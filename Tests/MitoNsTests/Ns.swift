import Glibc
import MitoLinux

/// `mito-ns` as it was built, and what it finds on this machine.
enum Ns {
    /// The program.
    static let path = Machine.environmentVariable("MITOSCOPE_NS") ?? folder + "/mito-ns"

    static let isSuperuser = geteuid() == 0

    /// May an ordinary user make namespaces here?
    static let hasUserNamespaces =
        (try? Run([path, "capabilities", "--json"], as: .ordinary).finish().output.contains(
            #""userNamespaces":true"#)) ?? false

    /// Can system calls be watched, those of privileged programs too?
    static let canTrace = isSuperuser && Machine.isProgram("/usr/bin/strace")

    static let hasFileCapabilities = isSuperuser && Machine.isProgram(setcap)
    static let setcap = "/usr/sbin/setcap"
    static let busybox = "/usr/bin/busybox"
    static let canEnterRoot = isSuperuser && Machine.isProgram(busybox)

    /// What an administrator would grant.
    static let granted = "cap_setgid,cap_setuid,cap_setpcap,cap_sys_chroot,cap_sys_ptrace,cap_sys_admin,cap_setfcap=p"

    private static let folder: String = {
        let own = Machine.realPath("/proc/self/exe") ?? ""
        return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }()
}

/// A folder that is gone with this value, and which every user may look into.
final class Workshop {
    let path: String

    init() throws {
        var template = Array("/tmp/mito-ns-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemError("mkdtemp", errno) }
        path = String(cString: made)
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
        let root = "\(path)/\(name)"
        for folder in ["", "/bin", "/etc", "/proc", "/home", "/home/web"] { mkdir(root + folder, 0o755) }
        try Run(["/bin/cp", Ns.busybox, "\(root)/bin/busybox"]).succeed()
        for name in ["sh", "id", "env", "pwd", "cat", "sleep", "hostname"] {
            symlink("busybox", "\(root)/bin/\(name)")
        }
        try write(users, to: "\(root)/etc/passwd")
        try write(groups, to: "\(root)/etc/group")
        return root
    }

    func write(_ text: String, to path: String) throws {
        guard try FileDescriptor.replacing(path).writeAll(Array(text.utf8)) else { throw SystemError("write", EPIPE) }
    }

    deinit { _ = try? Run(["/bin/rm", "-rf", path]).finish() }
}
