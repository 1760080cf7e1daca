import MitoCore
import Mitoscope
import Testing

@Suite struct LatchTests {
    @Test func `a new latch is empty and a put changes that`() throws {
        let latch = Latch<Int>()
        #expect(try latch.count == 0)
        try latch.put(1)
        #expect(try latch.count == 1)
    }

    @Test func `items come out in the order in which they went in`() async throws {
        let latch = Latch<Int>()
        for number in 1...3 { try latch.put(number) }
        let items = try await [latch.get(), latch.get(), latch.get()]
        #expect(items == [1, 2, 3])
    }

    @Test func `a latch of nothing counts how often it was put`() async throws {
        let latch = Latch<Void>()
        try latch.put()
        try await latch.get()
        #expect(try latch.count == 0)
    }

    @Test(arguments: [Duration.zero, .milliseconds(1)])
    func `an empty latch times out and leaves no sleeper`(timeout: Duration) async {
        let latch = Latch<Int>()
        #expect(await code { try await latch.get(timeout: timeout) } == .timeout)
        #expect(latch.sleeperCount == 0)
    }

    @Test(arguments: [Duration.zero, .milliseconds(1)])
    func `a thread's wait times out and leaves no sleeper`(timeout: Duration) async {
        let latch = Latch<Int>()
        let code = await codeOnThread { () throws(MitoscopeError) in try latch.get(timeout: timeout) }
        #expect(code == .timeout)
        #expect(latch.sleeperCount == 0)
    }

    @Test func `tasks are served in the order in which they began to wait`() async throws {
        let latch = Latch<Int>()
        let tasks = await sleepers(on: latch, count: 5)
        for number in 0..<5 { try latch.put(number) }
        for (place, task) in tasks.enumerated() { #expect(try await task.value == place) }
    }

    @Test func `threads are served in the order in which they began to wait`() async throws {
        let latch = Latch<Int>()
        let tasks = await sleepers(on: latch, count: 5, asThreads: true)
        for number in 0..<5 { try latch.put(number) }
        for (place, task) in tasks.enumerated() { #expect(try await task.value == place) }
    }

    @Test func `an item goes to the next one when the first to wait has given up`() async throws {
        let latch = Latch<Int>()
        let tasks = await sleepers(on: latch, count: 2)
        tasks[0].cancel()
        await waitUntil { latch.sleeperCount == 1 }
        try latch.put(42)
        #expect(try await tasks[1].value == 42)
        #expect(await code { try await tasks[0].value } == .cancelled)
    }

    @Test func `a cancelled task still gets what is there, and waits for nothing`() async throws {
        let latch = Latch<Int>()
        try latch.put(1)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            let first = try await latch.get()
            let second = await code { try await latch.get() }
            return (first, second)
        }
        task.cancel()
        let (first, second) = try await task.value
        #expect(first == 1)
        #expect(second == .cancelled)
        #expect(latch.sleeperCount == 0)
    }

    @Test func `closing wakes every sleeper with a latch error`() async {
        let latch = Latch<Int>()
        let tasks = await sleepers(on: latch, count: 3)
        let threads = await sleepers(on: latch, count: 2, asThreads: true, behind: 3)
        latch.close()
        for task in tasks + threads { #expect(await code { try await task.value } == .latch) }
    }

    @Test func `a closed latch refuses everything, and what was in it is lost`() async throws {
        let latch = Latch<Int>()
        try latch.put(1)
        latch.close()
        latch.close()
        #expect(await code { try await latch.get() } == .latch)
        #expect(await code { try await latch.get(timeout: .zero) } == .latch)
        #expect(await code { try latch.put(2) } == .latch)
        #expect(await code { _ = try latch.count } == .latch)
    }

    @Test func `a blocking wait inside a task traps with a sentence`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try getBlocking(Latch<Int>())
        }
        #expect(result.map { said($0).contains("await the async form instead") } == true)
    }

    @Test func `not to wait is all right in a task too`() throws {
        let latch = Latch<Int>()
        try latch.put(1)
        try getBlocking(latch)
    }
}

/// A function that is not async takes the blocking form, even when a task calls it.
private func getBlocking(_ latch: Latch<Int>) throws(MitoscopeError) { _ = try latch.get() }

/// Tasks that wait on a latch, the first to wait first; with `asThreads`, threads do it for them.
private func sleepers(
    on latch: Latch<Int>, count: Int, asThreads: Bool = false, behind others: Int = 0
) async -> [Task<Int, any Error>] {
    var tasks: [Task<Int, any Error>] = []
    for number in 1...count {
        tasks.append(
            Task {
                guard asThreads else { return try await latch.get() }
                return try await onThread { () throws(MitoscopeError) in try latch.get() }
            })
        await waitUntil { latch.sleeperCount == others + number }
    }
    return tasks
}
