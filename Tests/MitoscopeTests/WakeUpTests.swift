import MitoCore
import Mitoscope
import Synchronization
import Testing

/// Threads and tasks that wait, put, give up and close at the same time: whoever waits is woken, and nothing that was
/// put is lost or had twice. The original has hung in each of these ways.
@Suite(.timeLimit(.minutes(1))) struct WakeUpTests {
    @Test func `what threads put into a latch while others wait and give up is had once each`() async throws {
        let latch = Latch<Int>()
        let (threads, items) = (4, 500)
        let had = Items()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for getter in 0..<threads {
                group.addTask {
                    try await onThread {
                        // Every other wait is so short that it races with the put that would end it.
                        while had.all.count < threads * items {
                            let wait: Duration = getter % 2 == 0 ? .microseconds(50) : .milliseconds(5)
                            if let item = try? latch.get(timeout: wait) { had.add(item) }
                        }
                    }
                }
                group.addTask {
                    try await onThread { () throws(MitoscopeError) in
                        for item in 0..<items { try latch.put(getter * items + item) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(had.all.sorted() == Array(0..<threads * items))
        #expect(latch.sleeperCount == 0)
    }

    @Test func `closing a latch wakes every thread and task, whenever it comes`() async throws {
        for _ in 0..<100 {
            let latch = Latch<Int>()
            try await withThrowingTaskGroup(of: MitoscopeError.Code?.self) { group in
                for _ in 0..<3 {
                    group.addTask { await codeOnThread { () throws(MitoscopeError) in try latch.get() } }
                    group.addTask { await code { try await latch.get() } }
                }
                group.addTask {
                    latch.close()
                    return .latch
                }
                for try await code in group { #expect(code == .latch) }
            }
            #expect(latch.sleeperCount == 0)
        }
    }

    @Test func `closing a receiver in which several threads sleep wakes them all`() async throws {
        for _ in 0..<100 {
            let receiver = try await Receiver(Router(world: PumpWorld()))
            try await withThrowingTaskGroup(of: MitoscopeError.Code?.self) { group in
                for _ in 0..<4 {
                    group.addTask { await codeOnThread { () throws(MitoscopeError) in try receiver.get() } }
                }
                group.addTask {
                    receiver.close()
                    return nil
                }
                var woken = 0
                for try await code in group where code != nil { woken += 1 }
                #expect(woken == 4)
            }
        }
    }
}

/// What was had so far, by whatever thread.
private final class Items: Sendable {
    private let items = Mutex<[Int]>([])

    var all: [Int] { items.withLock { $0 } }
    func add(_ item: Int) { items.withLock { $0.append(item) } }
}
