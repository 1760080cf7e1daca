import TestSupport
import MitoCore
import MitoLinux
import Synchronization
import Testing

/// Whatever dies, whenever it dies, nothing is left.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HavocTests {
    @Test func `a hundred trees with a death in each leave nothing behind`() async throws {
        let (seeds, runners) = (100, 6)
        let leaks = Leaks()
        await withTaskGroup { group in
            for first in 0..<runners {
                group.addTask {
                    await Self.inThread {
                        for seed in stride(from: first, to: seeds, by: runners) { leaks.look(at: Havoc(seed: seed)) }
                    }
                }
            }
        }
        #expect(leaks.found == [])
    }

    @Test func `a tree whose program is its own image leaves nothing behind either`() async throws {
        let leaks = Leaks()
        await Self.inThread {
            for seed in 0..<10 { leaks.look(at: Havoc(seed: seed), agent: Built.path("havoc-tree")) }
        }
        #expect(leaks.found == [])
    }

    @Test func `every kind of death is told at least fifteen times in a hundred`() {
        for victim in Havoc.Victim.allCases {
            #expect((0..<100).count { Havoc(seed: $0).victim == victim } >= 15)
        }
    }

    @Test func `a process that stays is found`() async throws {
        let name = uniqueName("stays")
        let pair = try SocketPair()
        let child = try ChildProcess(
            program: "/bin/sleep", arguments: [name, "1000"], environment: [], stream: pair.far)
        let pid = child.pid
        #expect(await Processes.eventually { Processes.mentioning(name).map(\.pid) == [pid] })
        child.send(ChildProcess.killSignal)
        while child.reap() == nil {}
        #expect(Processes.mentioning(name) == [])
    }

    private final class Leaks: Sendable {
        private let lines = Mutex<[String]>([])

        var found: [String] { lines.withLock { $0 } }

        func look(at havoc: Havoc, agent: String = Live.agentPath) {
            let what: [String]
            do {
                what = try havoc.run(tree: Built.path("havoc-tree"), agent: agent).what
            } catch {
                what = ["it did not even begin: \(error)"]
            }
            if !what.isEmpty { lines.withLock { $0.append("seed \(havoc.seed), \(havoc.victim): \(what)") } }
        }
    }

    /// Children die with the thread that starts them, so it must be one that lasts.
    private static func inThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            do {
                try Thread("havoc") {
                    body()
                    continuation.resume()
                }.detach()
            } catch {
                Issue.record(error)
                continuation.resume()
            }
        }
    }
}
