import Glibc
package import MitoCore
import MitoLinux

/// What runs on this machine, as `/proc` tells it.
package enum Processes {
    package struct Found: Hashable {
        package var pid: Int32
        package var parent: Int32
        /// R, S, T (stopped), Z (dead, not collected) …
        package var state: Character
    }

    /// Every process with `word` among its arguments or in one of them.
    package static func mentioning(_ word: String) -> [Found] {
        all().filter { pid in pid != getpid() && (read("/proc/\(pid)/cmdline") ?? "").contains(word) }.compactMap(found)
    }

    /// The context of that name.
    package static func context(_ name: String) -> Found? { named("mitogen:\(name)") }

    /// The process that was given this as its own name.
    package static func named(_ name: String) -> Found? {
        all().first { (read("/proc/\($0)/cmdline") ?? "").hasPrefix("\(name)\0") }.flatMap(found)
    }

    /// What a process has started.
    package static func children(of pid: Int32) -> [Found] { all().compactMap(found).filter { $0.parent == pid } }

    /// Is there a thread in it that has neither stopped nor ended?
    package static func hasRunningThread(_ pid: Int32) -> Bool {
        Machine.names(in: "/proc/\(pid)/task").contains { thread in
            ProcessStatus(of: "/proc/\(pid)/task/\(thread)/stat")?.isStill == false
        }
    }

    package static func found(_ pid: Int32) -> Found? {
        ProcessStatus(of: "/proc/\(pid)/stat").map { Found(pid: pid, parent: $0.parent, state: $0.state) }
    }

    /// How much memory a process holds, in kilobytes.
    package static func residentKilobytes(_ pid: Int32) -> Int? {
        let line = read("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }
    }

    /// Waits until a process has used no processor time for a while.
    package static func comesToRest(_ pid: Int32) async -> Bool {
        var (before, calm) = ("", 0)
        return await eventually {
            let used = read("/proc/\(pid)/stat")?.split(separator: " ").dropFirst(13).prefix(2).joined(separator: " ")
            (calm, before) = (used == before ? calm + 1 : 0, used ?? "")
            return calm == 100
        }
    }

    /// What the descriptors of a process are open on, in their order.
    package static func descriptors(of pid: Int32) -> [String] {
        names(in: "/proc/\(pid)/fd").compactMap(Int.init).sorted().compactMap { number in
            Machine.linkTarget("/proc/\(pid)/fd/\(number)").map { "\(number) \($0)" }
        }
    }

    /// Looks again until `condition` holds; false when it still does not after what no machine is slow enough for.
    package static func eventually(within limit: Duration = .seconds(30), _ condition: () -> Bool) async -> Bool {
        let end = Instant(nanoseconds: Machine.monotonicNanoseconds) + limit
        while !condition() {
            guard Machine.monotonicNanoseconds < end.nanoseconds else { return false }
            try? await Task.sleep(nanoseconds: 2_000_000)
        }
        return true
    }

    /// The names in a folder, in no order.
    package static func names(in folder: String) -> [String] { Machine.names(in: folder) }

    /// What a file says; nil when there is none.
    package static func read(_ path: String) -> String? { Machine.text(of: path, bytesMax: 1 << 30) }

    private static func all() -> [Int32] { names(in: "/proc").compactMap(Int32.init) }
}

/// A word that no other process, test or run has in its arguments.
package func uniqueName(_ stem: String = "t") -> String { "\(stem)-\(getpid())-\(Machine.monotonicNanoseconds)" }
