import Foundation
import MitoLinks
import TestSupport
import Testing

@testable import MitoscopeCommand

/// Whatever of a lab dies, whenever it dies, nothing is left: no process, namespace, mount, interface, socket or file.
@Suite(
    .serialized, .enabled(if: Kernel.hasLabs, "\(Kernel.labsReason)"), .timeLimit(.minutes(20)))
struct LabHavocTests {
    /// `make havoc` sets more.
    private static let count = ProcessInfo.processInfo.environment["MITOSCOPE_HAVOC"].flatMap { Int($0) } ?? 10

    @Test(arguments: 0..<count)
    func `a lab in which something is killed leaves nothing behind`(seed: Int) throws {
        let havoc = try LabHavoc(seed: seed)
        let (victim, left) = try havoc.run()
        #expect(left == [], "seed \(seed), \(victim)")
    }

    @Test func `what stays is found`() throws {
        let havoc = try LabHavoc(seed: 0)
        let process = try havoc.start(["sleep", "1000"])
        // It is another process's copy until it has executed its program.
        let end = Date(timeIntervalSinceNow: 30)
        var left: [String] = []
        while !left.contains(where: { $0.contains("sleep") }), Date() < end { left = havoc.whatIsLeft(within: 0) }
        #expect(left.contains { $0.contains("sleep") })
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(havoc.whatIsLeft(within: 5) == [])
        try "".write(toFile: havoc.folder + "/mitoscope-x.trace", atomically: true, encoding: .utf8)
        #expect(havoc.whatIsLeft(within: 0.2) == ["file mitoscope-x.trace"])
    }
}

/// One lab, told by a run or left running, in which one process is killed at some moment.
private final class LabHavoc {
    /// Whom it hits.
    enum Victim: String, CaseIterable {
        case runner, namespaces, supervisor, host, dialler, program
    }

    let folder: String
    private let mark = "MITOSCOPE_HAVOC_MARK=\(UUID())"
    private let name: String
    private var random: Random
    private var namespaces: Set<String> = []

    init(seed: Int) throws {
        random = Random(seed: UInt64(seed), stream: "havoc")
        name = "havoc-\(UInt32.random(in: 0...UInt32.max))"
        folder = FileManager.default.temporaryDirectory.appending(path: "mitoscope-havoc-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Lets it happen. Returns what was killed, and what is left of the lab.
    func run() throws -> (victim: String, left: [String]) {
        let isRun = random.below(2) == 0
        let program = root.appending(path: ".build/debug/mitoscope").path
        let tree = "Scenarios/Lessons/19-everybody-wakes.yaml"
        var starter = try start(isRun ? [program, "lab", "run", tree] : [program, "lab", "up", tree, "--name", name])
        if !isRun, random.below(4) != 0 {
            starter.waitUntilExit()
            starter = try start([program, "lab", "exec", "--name", name, "web", "--", "sleep", "1000"])
        }
        Thread.sleep(forTimeInterval: Double(random.below(700)) / 1000)
        let processes = marked()
        for process in processes { namespaces.formUnion(process.namespaces) }
        let victims = processes.filter { $0.kind != nil }
        var hit = "nobody"
        if !victims.isEmpty {
            // Each kind is as likely as any other, however many there are of it.
            let kinds = Victim.allCases.filter { kind in victims.contains { $0.kind == kind } }
            let kind = kinds[Int(random.below(UInt64(kinds.count)))]
            let chosen = victims.filter { $0.kind == kind }
            let victim = chosen[Int(random.below(UInt64(chosen.count)))]
            kill(victim.id, SIGKILL)
            hit = "\(kind.rawValue) \(victim.command)"
        }
        if !isRun { _ = try mitoscope(["lab", "down", "--name", name]) }
        // A story may wait for what a dead context will never say: it is interrupted then, as by Ctrl-C.
        let patience = Date(timeIntervalSinceNow: 5)
        while starter.isRunning, Date() < patience { Thread.sleep(forTimeInterval: 0.02) }
        if starter.isRunning { kill(starter.processIdentifier, SIGINT) }
        starter.waitUntilExit()
        return (hit, whatIsLeft(within: 20))
    }

    func start(_ words: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.currentDirectoryURL = root
        process.arguments = [mark, "TMPDIR=\(folder)"] + words
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// What is there of it, once it should be gone.
    func whatIsLeft(within seconds: Double) -> [String] {
        let end = Date(timeIntervalSinceNow: seconds)
        while !marked().isEmpty, Date() < end { Thread.sleep(forTimeInterval: 0.02) }
        let now = Self.uptime
        var left = whatIsLeft(of: now)
        // A process that ends has no environment any more, and is in its namespaces for a moment still.
        while !left.isEmpty, Date() < end {
            Thread.sleep(forTimeInterval: 0.02)
            left = whatIsLeft(of: now)
        }
        return left
    }

    /// The same at this moment; processes that began after `now` are not ours.
    private func whatIsLeft(of now: Double) -> [String] {
        var left = marked().map { "process \($0.id) \($0.command)" }
        left += Self.names(folder).map { "file \($0)" }
        left += Self.lines("/proc/net/unix").filter { $0.hasSuffix("-\(name)") }.map { "socket \($0)" }
        // What it has in memory is in its own mount namespace, and its interfaces are in networks of its own.
        left += Self.lines("/proc/self/mountinfo").filter { $0.contains("mitoscope-") }.map { "mount \($0)" }
        left += Self.names("/dev/shm").filter { $0.hasPrefix("mitoscope-") }.map { "file /dev/shm/\($0)" }
        left += Self.lines("/proc/net/dev").filter { $0.trimmingPrefix(" ").prefixMatch(of: /w\d+:/) != nil }
            .map { "interface \($0)" }
        // The kernel gives a namespace's number to others soon. Who began later than all this ended is one of those.
        let elders = Self.names("/proc").filter { Self.start(of: $0).map { $0 <= now } ?? false }
        left += namespaces.intersection(elders.flatMap(Marked.namespaces)).map { "namespace \($0)" }.sorted()
        return left
    }

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func lines(_ path: String) -> [Substring] {
        String(decoding: InputFile.bytes(of: path, atMost: 64 << 20) ?? [], as: UTF8.self).split(separator: "\n")
    }

    /// Seconds since the machine began.
    private static var uptime: Double {
        let text = String(decoding: InputFile.bytes(of: "/proc/uptime", atMost: 64) ?? [], as: UTF8.self)
        return text.split(separator: " ").first.flatMap { Double($0) } ?? 0
    }

    /// When a process began, in the same seconds; nil when it has ended and only waits to be collected.
    private static func start(of process: String) -> Double? {
        guard Int(process) != nil, let bytes = InputFile.bytes(of: "/proc/\(process)/stat", atMost: 4096) else {
            return nil
        }
        // The name, in parentheses, may hold anything; the 20th word behind it are ticks, a hundred a second.
        let words = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        return words.count > 19 && words[0] != "Z" ? Double(words[19]).map { $0 / 100 } : nil
    }

    /// A process of this lab.
    private struct Marked {
        var id: pid_t
        var command: String
        var kind: Victim?
        /// Those that this test is not in.
        var namespaces: Set<String>

        static let own = Set(namespaces(of: "self"))

        static func namespaces(of process: String) -> [String] {
            ["user", "mnt", "pid", "net", "uts", "ipc"].compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/\($0)")
            }
        }
    }

    private func marked() -> [Marked] {
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
        return ids.compactMap { id in
            guard let variables = InputFile.bytes(of: "/proc/\(id)/environ", atMost: 1 << 20),
                variables.split(separator: 0).contains(where: { $0.elementsEqual(mark.utf8) })
            else { return nil }
            let words = (InputFile.bytes(of: "/proc/\(id)/cmdline", atMost: 1 << 16) ?? []).split(separator: 0)
                .map { String(decoding: $0, as: UTF8.self) }
            let namespaces = Set(Marked.namespaces(of: "\(id)")).subtracting(Marked.own)
            return Marked(id: id, command: words.joined(separator: " "), kind: kind(words), namespaces: namespaces)
        }
    }

    private func kind(_ words: [String]) -> Victim? {
        guard let first = words.first.map({ URL(filePath: $0).lastPathComponent }) else { return nil }
        if first.hasPrefix("mitogen:") || first == "sleep" { return .program }
        if words.contains("supervise"), first == "mito-lab" { return .supervisor }
        if words.contains("host"), first == "mito-lab" { return .host }
        if words.contains("dial"), first == "mito-lab" { return .dialler }
        if first.hasPrefix("mito-ns") || words.contains("--pidfd") { return .namespaces }
        return first == "mitoscope" ? .runner : nil
    }
}
