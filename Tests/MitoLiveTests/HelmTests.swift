import TestSupport
import Glibc
import MitoCore
import MitoLinux
import Mitoscope
import Synchronization
import Testing

@testable import MitoLive

/// Threads that block drive the loop themselves.
@Suite(.timeLimit(.minutes(1))) struct HelmTests {
    @Test func `a caller that blocks takes turns on its own thread once it has blocked before`() async throws {
        let live = try Live()
        let drivers = Drivers()
        try await Self.onThread {
            let context: Context = try live.router.local()
            for _ in 0..<200 {
                try context.call("echo", [1])
                let arrival = Arrival()
                _ = live.broker.submit("who takes turns", awaiting: arrival) { _, _, _ in
                    drivers.threads.withLock { _ = $0.insert(Self.thread) }
                    arrival.happen()
                }
            }
            let own = Self.thread
            #expect(drivers.threads.withLock { $0.contains(own) })
        }
        try await live.router.shutdown()
    }

    @Test func `callers on many threads, tasks and new children get in nobody's way`() async throws {
        let live = try Live()
        let context: Context = try await live.router.local()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<4 {
                group.addTask {
                    try await Self.onThread {
                        for turn in 0..<100 {
                            let value = Value.int(Int64(caller * 1000 + turn))
                            #expect(try context.call("echo", [value]) == value)
                        }
                        let child: Context = try live.router.local()
                        #expect(try child.call("echo", ["here"]) == "here")
                    }
                }
                group.addTask {
                    for turn in 0..<100 {
                        let answer: Value = try await context.call("echo", [.int(Int64(turn))])
                        #expect(answer == .int(Int64(turn)))
                    }
                }
            }
            try await group.waitForAll()
        }
        try await live.router.shutdown()
    }

    @Test func `a caller that waits for a receiver takes turns too`() async throws {
        let live = try Live()
        let drivers = Drivers()
        try await Self.onThread {
            let context: Context = try live.router.local()
            for _ in 0..<200 {
                _ = live.broker.submit("who takes turns") { _, _, _ in
                    drivers.threads.withLock { _ = $0.insert(Self.thread) }
                }
                #expect(try context.callAsync("echo", [1]).get() == 1)
                #expect(try Select([context.callAsync("echo", [2])]).get(timeout: .seconds(30)) == 2)
            }
            let own = Self.thread
            #expect(drivers.threads.withLock { $0.contains(own) })
        }
        try await live.router.shutdown()
    }

    @Test func `a wait of a caller that takes turns ends in time, and with what another thread does`() async throws {
        let live = try Live()
        try await Self.onThread {
            let context: Context = try live.router.local()
            let inbox = try Receiver(live.router)
            try inbox.sender().send("for a latch")
            let message = try inbox.get()
            for turn in Int64(0)..<50 {
                try context.call("echo", [1])
                let receiver = try Receiver(live.router)
                let late = #expect(throws: MitoscopeError.self) { try receiver.get(timeout: .milliseconds(2)) }
                #expect(late?.code == .timeout)
                let select = Select([receiver])
                let latch = Latch<ReceivedMessage>()
                try select.add(latch)
                let closing = try Thread("closer") {
                    while select.sleeperCount == 0 {}
                    // The caller is about to sleep, or does so.
                    Machine.sleep(nanoseconds: turn % 5 * 50_000)
                    if turn % 2 == 0 { select.close() } else { try? latch.put(message) }
                }
                if turn % 2 == 0 {
                    let closed = #expect(throws: MitoscopeError.self) { try select.get() }
                    #expect(closed?.code == .latch)
                } else {
                    #expect(try select.get().handle == message.handle)
                }
                closing.join()
            }
        }
        try await live.router.shutdown()
    }

    @Test func `a job of a caller that took turns is done although it does not come back`() async throws {
        let live = try Live()
        try await Self.onThread {
            let context: Context = try live.router.local()
            for _ in 0..<20 {
                try context.call("echo", [1])
                let done = Drivers()
                live.broker.submit { _, _ in done.threads.withLock { _ = $0.insert(Self.thread) } }
                while done.threads.withLock({ $0.isEmpty }) { Machine.sleep(nanoseconds: 100_000) }
            }
        }
        try await live.router.shutdown()
    }

    @Test func `a job from elsewhere is done although nobody blocks any more`() async throws {
        let live = try Live()
        try await Self.onThread {
            let context: Context = try live.router.local()
            for _ in 0..<10 { try context.call("echo", [1]) }
        }
        for _ in 0..<100 {
            await withCheckedContinuation { continuation in live.broker.submit { _, _ in continuation.resume() } }
        }
        try await live.router.shutdown()
    }

    @Test func `a caller that blocks while its context ends is told so`() async throws {
        let live = try Live()
        try await Self.onThread {
            let context: Context = try live.router.local()
            try context.call("echo", [1])
            try live.router.shutdown()
            #expect(throws: MitoscopeError.self) { try context.call("echo", [1]) }
        }
    }

    // MARK: Parts

    private final class Drivers: Sendable {
        let threads = Mutex<Set<UInt64>>([])
    }

    private static var thread: UInt64 { UInt64(pthread_self()) }

    /// Runs `body` on a thread where it may block.
    static func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            do {
                try Thread("blocking caller") { continuation.resume(with: Result(catching: body)) }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
