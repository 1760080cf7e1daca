import Glibc
import MitoCore
import MitoLinux

/// What runs on this machine, as `/proc` tells it.
enum Processes {
    struct Found: Hashable {
        var pid: Int32
        var parent: Int32
        /// R, S, T (stopped), Z (dead, not collected) …
        var state: Character
    }

    /// Every process with `word` among its arguments or in one of them.
    static func mentioning(_ word: String) -> [Found] {
        all().filter { pid in pid != getpid() && (read("/proc/\(pid)/cmdline") ?? "").contains(word) }.compactMap(found)
    }

    /// The context of that name.
    static func context(_ name: String) -> Found? { named("mitogen:\(name)") }

    /// The process that was given this as its own name.
    static func named(_ name: String) -> Found? {
        all().first { (read("/proc/\($0)/cmdline") ?? "").hasPrefix("\(name)\0") }.flatMap(found)
    }

    /// What a process has started.
    static func children(of pid: Int32) -> [Found] { all().compactMap(found).filter { $0.parent == pid } }

    /// Is there a thread in it that has neither stopped nor ended?
    static func hasRunningThread(_ pid: Int32) -> Bool {
        names(in: "/proc/\(pid)/task").contains { thread in
            found(pid, "/proc/\(pid)/task/\(thread)/stat").map { !"TtZX".contains($0.state) } ?? false
        }
    }

    static func found(_ pid: Int32) -> Found? { found(pid, "/proc/\(pid)/stat") }

    private static func found(_ pid: Int32, _ path: String) -> Found? {
        // The name in parentheses may hold anything, so what counts stands after the last one.
        guard let text = read(path), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 1, let state = fields[0].first, let parent = Int32(fields[1]) else { return nil }
        return Found(pid: pid, parent: parent, state: state)
    }

    /// How much memory a process holds, in kilobytes.
    static func residentKilobytes(_ pid: Int32) -> Int? {
        let line = read("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }
    }

    /// Waits until a process has used no processor time for a while.
    static func comesToRest(_ pid: Int32) async -> Bool {
        var (before, calm) = ("", 0)
        return await eventually {
            let used = read("/proc/\(pid)/stat")?.split(separator: " ").dropFirst(13).prefix(2).joined(separator: " ")
            (calm, before) = (used == before ? calm + 1 : 0, used ?? "")
            return calm == 100
        }
    }

    /// What the descriptors of a process are open on, in their order.
    static func descriptors(of pid: Int32) -> [String] {
        names(in: "/proc/\(pid)/fd").compactMap(Int.init).sorted().compactMap { number in
            var target = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/\(pid)/fd/\(number)", &target, target.count)
            guard count > 0 else { return nil }
            return "\(number) \(String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self))"
        }
    }

    /// Looks again until `condition` holds; false when it still does not after what no machine is slow enough for.
    static func eventually(within limit: Duration = .seconds(30), _ condition: () -> Bool) async -> Bool {
        let end = Instant(nanoseconds: Machine.monotonicNanoseconds) + limit
        while !condition() {
            guard Machine.monotonicNanoseconds < end.nanoseconds else { return false }
            try? await Task.sleep(nanoseconds: 2_000_000)
        }
        return true
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // An entry ends with its name: it may be shorter than its type.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func all() -> [Int32] { names(in: "/proc").compactMap(Int32.init) }
}

/// A word that no other process, test or run has in its arguments.
func uniqueName(_ stem: String = "t") -> String { "\(stem)-\(getpid())-\(Machine.monotonicNanoseconds)" }
