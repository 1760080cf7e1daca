import Glibc
import MitoLinux

/// A folder that is gone with its owner.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = "/tmp/\(uniqueName("mito"))"
        guard mkdir(path, 0o700) == 0 else { throw SystemError("mkdir", errno) }
    }

    /// Writes a program that is some lines of shell, and says where it is.
    ///
    /// Another process writes it. A file that this one has open for writing cannot be run, and a child that is about
    /// to become a program has it open too.
    package func script(_ name: String, _ lines: String) throws -> String {
        let path = "\(path)/\(name)"
        let write = "printf '#!/bin/bash\n%s\n' \"$2\" > \"$1\" && chmod 755 \"$1\""
        try mustRun(["sh", "-c", write, "sh", path, lines])
        return path
    }

    /// Makes a root directory that holds nothing but busybox.
    package func busyboxRoot(_ name: String) throws -> String {
        let root = "\(path)/\(name)"
        // systemd-nspawn takes nothing for a root that has no /usr.
        for folder in ["", "/bin", "/dev", "/proc", "/sys", "/etc", "/tmp", "/usr", "/run"] {
            guard mkdir(root + folder, 0o755) == 0 else { throw SystemError("mkdir", errno) }
        }
        try mustRun(["cp", Machine.program("busybox") ?? "busybox", root + "/bin/busybox"])
        for name in ["sh", "id", "env", "pwd", "cat", "sleep", "hostname"] {
            symlink("busybox", "\(root)/bin/\(name)")
        }
        return root
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for name in Processes.names(in: path) {
            let inner = "\(path)/\(name)"
            if unlink(inner) != 0 { remove(inner) }
        }
        rmdir(path)
    }
}
