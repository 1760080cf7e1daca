import TestSupport
import MitoCore
import MitoLinux
import Mitoscope
import Synchronization
import Testing

@testable import MitoLive

@Suite(.timeLimit(.minutes(1))) struct BrokerTests {
    @Test(arguments: [false, true]) func `jobs run in the order in which they were submitted`(
        isPortable: Bool
    ) async throws {
        let live = try Live(isPortable: isPortable)
        let seen = Seen()
        for number in 0..<10_000 { live.broker.submit { _, _ in seen.numbers.withLock { $0.append(number) } } }
        try await live.router.shutdown()
        #expect(seen.numbers.withLock { $0 } == Array(0..<10_000))
    }

    @Test func `the jobs of every thread keep that thread's order`() async throws {
        let live = try Live()
        let seen = Seen()
        let threads = try (0..<4).map { thread in
            try Thread("submitter") { [broker = live.broker] in
                for number in 0..<1000 {
                    broker.submit { _, _ in seen.numbers.withLock { $0.append(thread * 1000 + number) } }
                }
            }
        }
        for thread in threads { thread.join() }
        try await live.router.shutdown()
        let numbers = seen.numbers.withLock { $0 }
        #expect(numbers.count == 4000)
        for thread in 0..<4 {
            #expect(numbers.filter { $0 / 1000 == thread } == (0..<1000).map { thread * 1000 + $0 })
        }
    }

    @Test func `a job wakes a loop that sleeps, also one that it submitted itself`() async throws {
        let live = try Live()
        for _ in 0..<50 {
            await withCheckedContinuation { continuation in
                live.broker.submit { _, _ in live.broker.submit { _, _ in continuation.resume() } }
            }
        }
        try await live.router.shutdown()
    }

    @Test func `after the end no job is taken`() async throws {
        let live = try Live()
        try await live.router.shutdown()
        live.broker.join()
        #expect(live.broker.submit { _, _ in Issue.record("this must not run") } == false)
    }

    @Test func `a broker that nobody holds ends by itself`() async throws {
        let ended = Seen()
        var broker: Broker? = try Broker(
            agent: Agent(node: Node(master: Node.Configuration()), functions: []), settings: Broker.Settings()
        ) { deed in
            if case .order(let output) = deed, case .exit = output.order { ended.numbers.withLock { $0.append(1) } }
        }
        #expect(broker?.submit { _, _ in } == true)
        broker = nil
        #expect(await Processes.eventually { ended.numbers.withLock { $0 } == [1] })
    }

    @Test func `a broker of one's own has a tree, and is joined when that is gone`() async throws {
        let broker = try Broker(image: Live.agentPath)
        let router = Router(world: broker)
        #expect(try await router.local().call("echo", [1]) == 1)
        #expect(try await router.world.run { 42 } == 42)
        try await router.shutdown()
        broker.join()
        #expect(router.world.submit { _, _ in } == false)
    }

    @Test func `the deadline of the agent comes`() async throws {
        try await Live.tree { live in
            let child = try await live.router.local()
            #expect(try await child.call("sleep", ["3ms"]) == .none)
        }
    }

    @Test func `the mailbox rings only for a reader that sleeps`() throws {
        let mailbox = try Mailbox<Int>()
        let poller = PollPoller()
        try poller.add(mailbox.number, token: 1, reads: true, writes: false)
        var news: [Readiness] = []
        #expect(mailbox.put(1))
        try poller.wait(milliseconds: 0, into: &news)
        #expect(news == [] && !mailbox.sleep())
        var jobs: [Int] = []
        mailbox.take(into: &jobs)
        #expect(jobs == [1] && mailbox.sleep())
        #expect(mailbox.put(2))
        try poller.wait(milliseconds: 0, into: &news)
        #expect(news.count == 1)
        jobs = []
        mailbox.close(into: &jobs)
        #expect(jobs == [2] && !mailbox.put(3))
    }

    private final class Seen: Sendable { let numbers = Mutex<[Int]>([]) }
}
