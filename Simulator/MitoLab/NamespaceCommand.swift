import Glibc
import MitoLinux

/// How `mito-ns` is called for a lab.
enum NamespaceCommand {
    /// Makes the lab's namespaces, with the supervisor as their first process.
    ///
    /// An ordinary user is the same user within, and programs that the supervisor starts have no capability. The
    /// superuser has all of its ids within, and programs have what root has, over the lab's namespaces alone. The
    /// bounding set stays, as the kernel executes no file with capabilities, `ping` for one, where it is empty.
    static func create(_ programs: LabPrograms, isLeftRunning: Bool) -> [String] {
        let isRoot = geteuid() == 0
        var words = ["create", "--new", "user,mount,pid,net,uts,ipc"]
        words += ["--mount-proc", "--private-mounts", "--keep-bounding"]
        if isRoot {
            words += maps("--map-user", "/proc/self/uid_map") + maps("--map-group", "/proc/self/gid_map")
            words += ["--allow-new-privileges"]
        }
        words += capabilities.flatMap { ["--keep-capability", $0] }
        // The program is handed over as a descriptor: its path may lead nowhere in new namespaces.
        let tail = ["--image", "--", "mito-lab", "supervise"]
        guard isLeftRunning else { return [programs.ns] + words + ["--die-with-parent"] + tail }
        return [programs.lab, "leave", programs.ns] + words + tail
    }

    /// Enters the namespaces of a process of the lab; the words of a program of the lab's own follow.
    static func enter(_ ns: String, process: Int32) -> [String] {
        [ns, "enter", "--pid", "\(process)", "--die-with-parent", "--"]
    }

    /// The same for a process behind descriptor 5, and for any program: it may do what its user may, who is the same
    /// within, and what the capabilities let it that are named.
    static func enter(_ ns: String, directory: String?, capabilities: [String]) -> [String] {
        var words = [ns, "enter", "--pidfd", "--keep-bounding"]
        if let directory { words += ["--directory", directory] }
        if geteuid() == 0 { words += ["--allow-new-privileges"] }
        words += capabilities.flatMap { ["--keep-capability", $0] }
        return words + ["--"]
    }

    /// Every id that there is here, onto itself.
    private static func maps(_ option: String, _ path: String) -> [String] {
        (Machine.text(of: path) ?? "").split(separator: "\n").flatMap { line -> [String] in
            let numbers = line.split(separator: " ")
            return numbers.count == 3 ? [option, "\(numbers[0]):\(numbers[0]):\(numbers[2])"] : []
        }
    }

    /// Mounts and namespaces; interfaces and addresses; packets.
    private static let capabilities = ["sys_admin", "net_admin", "net_raw"]
}
