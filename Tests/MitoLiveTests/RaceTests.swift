import TestSupport
import MitoCore
import MitoLinux
import Mitoscope
import Synchronization
import Testing

@testable import MitoLive

/// Threads that start contexts, call them and end the tree at the same time, with real processes: each command ends,
/// with a result or an error, whatever comes first.
@Suite(.timeLimit(.minutes(1))) struct RaceTests {
    @Test func `contexts that many threads start at once, below relays without ids, all come up`() async throws {
        let live = try Live()
        let relays: [Context] = [try await live.router.local(), try await live.router.local()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for starter in 0..<8 {
                group.addTask {
                    try await HelmTests.onThread {
                        let child: Context = try live.router.local(via: relays[starter % 2])
                        #expect(try child.call("echo", ["up"]) == "up")
                    }
                }
            }
            try await group.waitForAll()
        }
        try await live.router.shutdown()
    }

    @Test func `every call of every thread ends when the tree is shut down under them`() async throws {
        for round in 0..<10 {
            let live = try Live()
            let context: Context = try await live.router.local()
            let ended = Count()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await HelmTests.onThread {
                            // Until the first failure: after it no call may be taken and then forgotten.
                            while (try? context.call("echo", [1])) != nil {}
                            #expect(throws: MitoscopeError.self) { try context.call("echo", [1]) }
                            ended.add()
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<round * 5 { _ = try? await context.call("echo", [2]) as Value }
                    try await live.router.shutdown()
                }
                try await group.waitForAll()
            }
            #expect(ended.value == 6)
        }
    }

    @Test func `calls that wait are ended by a shutdown from another thread`() async throws {
        let live = try Live()
        let context: Context = try await live.router.local()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await HelmTests.onThread {
                        #expect(throws: MitoscopeError.self) { try context.call("hang") }
                    }
                }
            }
            group.addTask {
                try await Task.sleep(for: .milliseconds(50))
                try await live.router.shutdown()
            }
            try await group.waitForAll()
        }
    }
}

private final class Count: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
