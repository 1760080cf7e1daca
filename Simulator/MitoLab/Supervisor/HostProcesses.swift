import MitoLinux

/// Which processes of the lab are on which host: those in its network namespace.
enum HostProcesses {
    /// The names of the processes in each of these network namespaces, the oldest first; those of the lab itself left
    /// out.
    static func names(in networks: [String], butNot lab: Set<Int32>) -> [[String]] {
        var names = [[String]](repeating: [], count: networks.count)
        for process in Machine.names(in: "/proc").compactMap({ Int32($0) }).sorted() where !lab.contains(process) {
            guard let network = Machine.linkTarget("/proc/\(process)/ns/net"),
                let host = networks.firstIndex(of: network), let name = name(of: process)
            else { continue }
            names[host].append(name)
        }
        return names
    }

    private static func name(of process: Int32) -> String? {
        Machine.text(of: "/proc/\(process)/comm")?.split(separator: "\n").first.map(String.init)
    }
}
