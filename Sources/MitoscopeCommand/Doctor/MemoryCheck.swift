import Foundation

/// Is there memory for a tree? An idle context holds half a megabyte of its own, a big simulation some hundred.
struct MemoryCheck: MachineCheck {
    let name = "memory"

    private static let wantedMiB = 256

    func look() -> MachineFinding {
        var room: [(mebibytes: Int, from: String)] = []
        if let free = Self.availableKiB { room.append((free >> 10, "the machine")) }
        for group in ControlGroup.ofThisProcess {
            guard let most = group.number("memory.max"), let now = group.number("memory.current") else { continue }
            room.append(((most - now) >> 20, "memory.max in \(group.path)"))
        }
        guard let least = room.min(by: { $0.mebibytes < $1.mebibytes }) else { return .yes("no limit is known") }
        if least.mebibytes >= Self.wantedMiB { return .yes("\(least.mebibytes) MiB are free (\(least.from))") }
        return .no("only \(least.mebibytes) MiB are free (\(least.from))", remedy: "end something, or raise the limit")
    }

    /// What programs may still take before anything is swapped out.
    private static var availableKiB: Int? {
        let text = InputFile.bytes(of: "/proc/meminfo", atMost: 1 << 16).map { String(decoding: $0, as: UTF8.self) }
        let line = text?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first
    }
}
