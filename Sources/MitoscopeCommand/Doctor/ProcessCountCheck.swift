import Foundation

/// May there be as many more processes and threads as a tree of sixty contexts has?
struct ProcessCountCheck: MachineCheck {
    let name = "processes"

    /// Sixty processes with up to five threads each.
    private static let wanted = 300

    func look() -> MachineFinding {
        var room: [(count: Int, from: String)] = []
        var limit = rlimit()
        // The superuser is bound by no limit of this kind.
        if geteuid() != 0, getrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit) == 0 {
            room.append((Int(clamping: limit.rlim_cur), "ulimit -u"))
        }
        for group in ControlGroup.ofThisProcess {
            guard let most = group.number("pids.max"), let now = group.number("pids.current") else { continue }
            room.append((most - now, "pids.max in \(group.path)"))
        }
        if let most = KernelSetting("kernel/threads-max").number { room.append((most, "kernel.threads-max")) }
        guard let least = room.min(by: { $0.count < $1.count }) else { return .yes("no limit is known") }
        if least.count >= Self.wanted { return .yes("\(least.count) more may be started (\(least.from))") }
        return .no("only \(least.count) more may be started", remedy: "raise \(least.from)")
    }
}
