import TestSupport
import Foundation
import MitoLinux
import Mitoscope

extension Container {
    /// LXC, with busybox for a root.
    static func lxc() throws -> Container {
        let folder = try TemporaryFolder()
        let name = uniqueName("lxc")
        try FileDescriptor.makeFolder("\(folder.path)/\(name)")
        let root = try folder.busyboxRoot("\(name)/rootfs")
        let config = """
            lxc.uts.name = \(name)
            lxc.rootfs.path = dir:\(root)
            lxc.net.0.type = empty
            lxc.mount.auto = proc:rw
            lxc.init.cmd = /bin/sleep 100000

            """
        try config.write(toFile: "\(folder.path)/\(name)/config", atomically: true, encoding: .utf8)
        let info = try folder.script("lxc-info", "exec lxc-info -P \(folder.path) \"$@\"")
        let kept = try Kept(["lxc-start", "-F", "-P", folder.path, "-n", name])
        let leader = try found("the leader of \(name)") {
            sleeper(try run([info, "-n", name, "-p", "-H"]).output)
        }
        return Container(
            .container(.lxc, name), toolPath: info, leader: leader, mark: name, folder: folder, kept: kept,
            stopping: { _ = try? run(["lxc-stop", "-k", "-P", folder.path, "-n", name]) },
            clearing: { clearControlGroups(["lxc.payload.\(name)", "lxc.monitor.\(name)"]) })
    }

    /// Podman with runc, a root that was imported, and a store of its own. The root is read-only.
    static func podman() throws -> Container {
        let folder = try TemporaryFolder()
        let name = uniqueName("pod")
        let root = try folder.busyboxRoot("root")
        try mustRun(["tar", "-C", root, "-cf", "\(folder.path)/root.tar", "."])
        // Locks would be those of every other podman, and limits more than this process may have.
        let settings = """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            [engine]
            lock_type = "file"
            events_logger = "none"
            cgroup_manager = "cgroupfs"
            runtime = "runc"

            """
        try settings.write(toFile: "\(folder.path)/containers.conf", atomically: true, encoding: .utf8)
        let store = ["root", "runroot", "tmpdir"].map { "--\($0) \(folder.path)/podman-\($0)" }.joined(separator: " ")
        let podman = try folder.script(
            "podman",
            "CONTAINERS_CONF=\(folder.path)/containers.conf exec podman \(store) --storage-driver vfs \"$@\"")
        // An import notes in /var/lib what it has seen.
        let hidden = "mount -t tmpfs none /var/lib && exec \"$@\""
        try mustRun(["unshare", "-m", "sh", "-c", hidden, "sh", podman, "import", "\(folder.path)/root.tar", "busybox"])
        // Its stdin is ours, so that it ends with us.
        let kept = try Kept([
            podman, "run", "--rm", "-i", "--name", name, "--network", "none", "--read-only", "--cgroup-parent",
            "/mitoscope-\(name)", "--pull", "never", "busybox", "/bin/cat",
        ])
        let leader = try found("the leader of \(name)") {
            sleeper(try run([podman, "inspect", "--format={{.State.Pid}}", name]).output)
        }
        return Container(
            .container(.podman, name), toolPath: podman, leader: leader, mark: name, folder: folder, kept: kept,
            stopping: { _ = try? run([podman, "stop", "-t", "0", name]) },
            clearing: {
                _ = try? run([podman, "rm", "-f", "-t", "0", name])
                clearControlGroups(["mitoscope-\(name)"])
            })
    }

    /// systemd-nspawn. Without a running systemd it registers nothing, so that `machinectl` knows nothing of it: the
    /// leader is the process that it started.
    static func nspawn() throws -> Container {
        let folder = try TemporaryFolder()
        let root = try folder.busyboxRoot(uniqueName("nspawn"))
        let kept = try Kept([
            "systemd-nspawn", "--register=no", "--keep-unit", "--quiet", "--private-network", "-D", root, "/bin/sleep",
            "100000",
        ])
        let leader = try kept.child(named: "sleep")
        return Container(
            .process(leader), leader: leader, mark: root, folder: folder, kept: kept,
            stopping: { kill(leader, SIGKILL) },
            clearing: { clearControlGroups(["payload", "supervisor"]) })
    }

    /// No more than a process in namespaces of its own, which has the host's root.
    static func unshared() throws -> Container {
        let folder = try TemporaryFolder()
        let kept = try Kept(unshare + ["-fmpuin", "--mount-proc", "--kill-child", "sleep", "100000"])
        return try processContainer(kept, mark: folder.path, folder: folder)
    }

    /// A process whose root directory is empty and read-only: its program is gone since it began.
    static func empty() throws -> Container {
        let folder = try TemporaryFolder()
        let root = "\(folder.path)/root"
        try FileDescriptor.makeFolder(root)
        let busybox = Machine.program("busybox") ?? "busybox"
        let begin = "mount -t tmpfs none \(root) && cp \(busybox) \(root)/sleep && exec chroot \(root) /sleep 100000"
        let kept = try Kept(unshare + ["-fmpuin", "--kill-child", "sh", "-c", begin])
        let leader = try kept.child(named: "sleep")
        let strip = "rm \(root)/sleep && mount -o remount,bind,ro \(root)"
        try mustRun(["nsenter", "-t", "\(leader)", "-m", "sh", "-c", strip])
        return try processContainer(kept, mark: root, folder: folder)
    }

    /// What an ordinary user may make: a user namespace, and others in it.
    static func rootless() throws -> Container {
        let folder = try TemporaryFolder()
        let kept = try Kept(
            asOrdinaryUser + unshare + ["-Urfmpuin", "--mount-proc", "--kill-child", "sleep", "100000"])
        return try processContainer(kept, mark: folder.path, folder: folder)
    }

    /// With what it says left unsaid: that of Debian 12 complains when its child has ended, and means nothing by it.
    private static let unshare = ["sh", "-c", "exec unshare \"$@\" 2>/dev/null", "sh"]

    private static func processContainer(_ kept: Kept, mark: String, folder: TemporaryFolder) throws -> Container {
        let leader = try kept.child(named: "sleep")
        return Container(
            .process(leader), leader: leader, mark: mark, folder: folder, kept: kept,
            stopping: { kill(leader, SIGKILL) })
    }
}

/// The process of that number, if it is the one that a container is to run.
private func sleeper(_ output: String) -> Int32? {
    guard let pid = Int32(output.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 0,
        let name = Processes.read("/proc/\(pid)/comm"), ["sleep\n", "cat\n"].contains(name)
    else { return nil }
    return pid
}

/// Removes cgroups that a tool left behind; those that are in use stay.
private func clearControlGroups(_ names: [String]) {
    let top = "/sys/fs/cgroup"
    for folder in [""] + Processes.names(in: top).map({ "/\($0)" }) {
        for name in names {
            let path = "\(top)\(folder)/\(name)"
            for inner in Processes.names(in: path) { rmdir("\(path)/\(inner)") }
            rmdir(path)
        }
    }
}
