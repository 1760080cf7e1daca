import TestSupport
import Glibc
import MitoCore
import MitoLinux

/// One run in which something dies: a tree is started, one part of it is killed, the rest ends, nothing may be left.
///
/// Everything is drawn from the seed: who, whether while the tree is still being built or later, and how the rest ends.
struct Havoc {
    enum Victim: String, CaseIterable {
        case master = "", relay = "-relay", leaf = "-leaf", boot = "-boot"
        /// The leaf, stopped: it can notice nothing any more.
        case frozen = "-frozen"

        /// The process's name, without the run's tag.
        var suffix: String { self == .frozen ? Victim.leaf.rawValue : rawValue }
    }

    /// What was left after the grace, for people; nothing is as it should be.
    struct Leak: Hashable {
        var what: [String]
    }

    let seed: Int
    var victim: Victim { Victim.allCases[seed % Victim.allCases.count] }
    /// Does it die as soon as it is there, or when the tree is up?
    var isEarly: Bool { seed / Victim.allCases.count % 2 == 1 }
    /// Does the master die of a signal too, instead of ending in order?
    var endsBrutally: Bool { victim == .master || seed / Victim.allCases.count % 4 < 3 && victim == .frozen }

    /// How long everything has to be gone: the grace of a child and a root, and the time to SIGKILL of both.
    static let grace = Duration.seconds(12)

    /// Runs it, on the calling thread, which must not be a task's.
    func run(tree: String, agent: String) throws -> Leak {
        let tag = uniqueName("havoc\(seed)")
        let folder = "/tmp/\(tag)"
        mkdir(folder, 0o700)
        defer { rmdir(folder) }

        let pair = try SocketPair()
        let master = try ChildProcess(
            program: tree, arguments: [tree, agent, tag], environment: Machine.environment + ["TMPDIR=\(folder)"],
            stream: pair.far)
        let stream = pair.closingFar()
        if !isEarly { wait(for: "up", on: stream) }
        let pid = victim == .master ? master.pid : find(tag + victim.suffix)
        let isHit = pid.map { victim == .frozen ? ProcessSignal.freeze($0) : ProcessSignal.kill($0) } ?? false
        if endsBrutally { _ = ProcessSignal.kill(master.pid) } else { shutdown(stream.number, Int32(SHUT_WR)) }
        var leak = leftOvers(tag, folder, output(of: stream), master)
        // A story in which nobody died shows nothing.
        if !isHit { leak.what.append("there was no \(victim) to be hit") }
        return leak
    }

    private func leftOvers(
        _ tag: String, _ folder: String, _ output: String, _ master: borrowing ChildProcess
    ) -> Leak {
        let end = Machine.monotonicNanoseconds + Self.grace.nanoseconds
        var exit: ChildProcess.Exit?
        var left: [Processes.Found] = []
        repeat {
            exit = exit ?? master.reap()
            left = Processes.mentioning(tag)
            if exit != nil, left.isEmpty { break }
            Machine.sleep(nanoseconds: 5_000_000)
        } while Machine.monotonicNanoseconds < end

        var what = left.map { "process \($0.pid) in state \($0.state)" }
        what += Processes.names(in: folder).map { "temporary file \($0)" }
        if !endsBrutally {
            if exit != .status(0) { what.append("the root's exit: \(exit.map(String.init(describing:)) ?? "none")") }
            if !output.contains("\n0 descriptors left\n") { what.append("the root says: \(output)") }
        }
        return Leak(what: what)
    }

    /// The process of that name, as soon as there is one; nil when the tree is up and there is none.
    private func find(_ name: String) -> Int32? {
        let end = Machine.monotonicNanoseconds + Self.grace.nanoseconds
        while Machine.monotonicNanoseconds < end {
            if let found = Processes.context(name) ?? Processes.named(name) { return found.pid }
            Machine.sleep(nanoseconds: 3_000_000)
        }
        return nil
    }

    private func wait(for word: String, on stream: borrowing FileDescriptor) {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256)
        while !text.starts(with: word.utf8), case .bytes(let count) = try? stream.read(into: &buffer) {
            text += buffer[..<count]
        }
    }

    /// What is said until the end; what was said before is put back in front.
    private func output(of stream: borrowing FileDescriptor) -> String {
        var text = Array("\n".utf8)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case .bytes(let count) = try? stream.read(into: &buffer) { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self)
    }
}
