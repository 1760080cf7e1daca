import TestSupport
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope
import Testing

/// Receivers, selects and events of programs among processes.
@Suite(.timeLimit(.minutes(1))) struct MessageTests {
    @Test func `a send is there before the call that follows it`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local(name: "web")
            let sender = try #require(Sender(try await web.call("collect"), router: live.router))
            for number in 0..<1000 { try sender.send(number) }
            sender.close()
            #expect(try await web.call("collected", [sender.value]) == .list((0..<1000).map { .int($0) }))
        }
    }

    @Test func `a stream from a process comes in whole and in order`() async throws {
        try await Live.tree { live in
            let numbers = try await Receiver(live.router).decoding(Int.self)
            let web = try await live.router.local(name: "web")
            let tail = web.callAsync("tail", [10_000, try numbers.sender().value])
            var next = 0
            for try await number in numbers {
                #expect(number == next)
                next += 1
            }
            #expect(next == 10_000)
            #expect(try await tail.get() == 10_000)
        }
    }

    @Test func `a select hears every process once`() async throws {
        try await Live.tree { live in
            var calls: [Receiver<Value>] = []
            for number in 0..<5 {
                calls.append(try await live.router.local().callAsync("echo", [.int(Int64(number))]))
            }
            #expect(Set(try await Select.all(calls)) == [0, 1, 2, 3, 4])
        }
    }

    @Test func `a thread that may block takes from a process`() async throws {
        let live = try Live()
        let seen = try await onThread {
            let numbers = try Receiver(live.router).values
            let tail = try live.router.local().callAsync("tail", [3, try numbers.sender().value])
            var seen: [Value] = []
            while let number = try numbers.next() { seen.append(number) }
            seen.append(try tail.get())
            try live.router.shutdown()
            return seen
        }
        #expect(seen == [0, 1, 2, 3])
    }

    @Test func `equal ids of two routers never meet, and one ends while the other's calls go on`() async throws {
        try await Live.tree { first in
            let mine = try await first.router.local(name: "web")
            try await Live.tree { second in
                let theirs = try await second.router.local(name: "web")
                #expect(mine.id == theirs.id && mine != theirs)
                let error = await #expect(throws: MitoscopeError.self) { try await first.router.local(via: theirs) }
                #expect(error?.code == .usage)
                #expect(try await theirs.call("echo", [2]) == 2)
            }
            #expect(try await mine.call("echo", [1]) == 1)
        }
    }

    @Test func `a call is answered while another broker of the process ends`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local()
            let other = try Live()
            _ = try await other.router.local()
            let nap = web.callAsync("sleep", [.float(0.2)])
            try await other.router.shutdown()
            #expect(try await nap.get() == .none)
        }
    }

    @Test func `the loss of a process ends every wait for it, and is told`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local(name: "web")
            let loss = web.disconnect
            let receiver = try await Receiver(live.router, respondent: web)
            let hang = web.callAsync("hang")
            let gone = web.shutdownAsync()
            for try await event in loss { #expect(event == .lost(web)) }
            for code in [await failure(of: receiver), await failure(of: hang)] { #expect(code == .channel) }
            #expect(try await gone.get() == .none)
            #expect(try await web.disconnect.get() == .lost(web))
        }
    }

    @Test func `code of the program runs on the broker's loop in its turn`() async throws {
        try await Live.tree { live in
            let order = Latch<Int>()
            live.broker.submit { _, _ in try? order.put(1) }
            try await live.broker.run { try order.put(2) }
            #expect(try await order.get() == 1)
            #expect(try await order.get() == 2)
        }
    }

    @Test func `after the end the loop runs nothing`() async throws {
        let live = try Live()
        try await live.router.shutdown()
        live.broker.join()
        await #expect(throws: MitoscopeError.self) { try await live.broker.run {} }
        await #expect(throws: MitoscopeError.self) { try await Receiver(live.router) }
        await #expect(throws: MitoscopeError.self) { try await live.router.myself.callAsync("echo").get() }
    }
}

/// Runs `body` on a thread that no task owns.
private func onThread<Success: Sendable>(
    _ body: @escaping @Sendable () throws -> Success
) async throws -> Success {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try Thread("blocking test") { continuation.resume(with: Result(catching: body)) }.detach()
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

private func failure<Item>(of receiver: Receiver<Item>) async -> MitoscopeError.Code? {
    do throws(MitoscopeError) {
        _ = try await receiver.get()
        return nil
    } catch {
        return error.code
    }
}
