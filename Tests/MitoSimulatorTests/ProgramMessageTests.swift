import MitoCore
import MitoLinks
import MitoSimulator
import Mitoscope
import Testing

/// Receivers, selects, channels and latches of programs in a simulation: the same closures run among processes.
@Suite struct ProgramMessageTests {
    @Test func `a send is there before the call that follows it`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: BuiltInFunctions.all) { router in
            let web = try await router.local(name: "web")
            let sender = try #require(Sender(try await web.call("collect"), router: router))
            for number in 0..<100 { try sender.send(number) }
            sender.close()
            return try await web.call("collected", [sender.value])
        }
        #expect(run.result == .list((0..<100).map { .int($0) }))
    }

    @Test func `a context in a container is one like any other in a simulation, which needs no container`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: BuiltInFunctions.all) { router in
            let web = try await router.setns(kind: .podman, container: "web")
            let below = try await router.setns(.process(4711), name: "below", via: web)
            return try await below.call("whoami")[key: "name"] ?? .none
        }
        #expect(run.result == "below")
    }

    @Test func `a select takes from whoever is first by the simulation's clock`() throws {
        let run = try withSimulatedRouter(
            seed: 1, functions: BuiltInFunctions.all,
            link: { LinkModel(delay: .constant(.milliseconds($0.context == ContextID(1) ? 50 : 5))) },
            { router in
                let far = try await router.local(name: "far")
                let near = try await router.local(name: "near")
                return try await Select.all([far.callAsync("echo", ["far"]), near.callAsync("echo", ["near"])])
            })
        #expect(run.result == ["near", "far"])
    }

    @Test func `the time-out of a receiver is one of the simulation's clock`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { router in
            let receiver = try await Receiver(router)
            await #expect(throws: MitoscopeError.self) { try await receiver.get(timeout: .seconds(3600)) }
        }
        #expect(run.duration >= .seconds(3600))
    }

    @Test func `the time-out of a blocking wait is one of the simulation's clock`() throws {
        let run = try withSimulatedRouter(
            seed: 1, functions: [],
            blocking: { router in
                let receiver = try Receiver(router)
                #expect(throws: MitoscopeError.self) { try receiver.get(timeout: .seconds(3600)) }
            })
        #expect(run.duration >= .seconds(3600))
    }

    @Test func `a blocking program takes what comes in until the end`() throws {
        let run = try withSimulatedRouter(
            seed: 1, functions: BuiltInFunctions.all,
            blocking: { router in
                let numbers = try Receiver(router).values
                let web = try router.local(name: "web")
                let tail = web.callAsync("tail", [3, try numbers.sender().value])
                var seen: [Value] = []
                while let number = try numbers.next() { seen.append(number) }
                return seen + [try tail.get()]
            })
        #expect(run.result == [0, 1, 2, 3])
    }

    @Test func `tasks of one program hand items over through a latch`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            let latch = Latch<Int>()
            async let sum = latch.get(timeout: .seconds(10)) + latch.get(timeout: .seconds(10))
            try await Task.sleep(for: .seconds(5))
            for number in [40, 2] { try latch.put(number) }
            return try await sum
        }
        #expect(run.result == 42)
        #expect(run.duration < .seconds(10))
    }

    @Test func `two contexts talk through a channel`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: [talk]) { router in
            let web = try await router.local(name: "web")
            let channel = try await Channel(router, respondent: web)
            let talking = web.callAsync(talk, channel.invitation)
            var heard: [Value] = []
            for number in 1...3 {
                try await channel.send(number)
                heard.append(try await channel.get())
            }
            channel.close()
            return (heard, try await talking.get())
        }
        #expect(run.result.0 == [2, 4, 6])
        #expect(run.result.1 == 3)
    }

    @Test func `a function sends to the program that called it, and to nobody's router but its own`() throws {
        let report = RemoteFunction("test.report") { (context: CallContext, sender: Sender) async throws -> Bool in
            try sender.send(context.router.myself)
            return sender.context.router == context.router
        }
        let run = try withSimulatedRouter(seed: 1, functions: [report]) { router in
            let contexts = try await Receiver(router).decoding(Context.self)
            let web = try await router.local(name: "web")
            let isOwn = try await web.call(report, contexts.sender())
            return (isOwn, try await contexts.get() == web)
        }
        #expect(run.result == (true, true))
    }

    @Test func `a child that nobody asks has its number, its parents and ids to give`() throws {
        let describe = RemoteFunction("test.describe") { (context: CallContext) async throws -> [UInt32] in
            let router = context.router
            let next = try await router.allocateID()
            return [router.contextID, router.parentID ?? .master, next].map(\.rawValue)
        }
        let run = try withSimulatedRouter(seed: 1, functions: [describe]) { router in
            let relay = try await router.local(name: "relay")
            return try await router.local(name: "leaf", via: relay).call(describe)
        }
        #expect(run.result[0] > 1)
        #expect(run.result[1] == 1)
        #expect(run.result[2] > run.result[0])
    }

    @Test func `equal seeds run equal programs of messages`() throws {
        let hashes = try (0..<2).map { _ in
            try withSimulatedRouter(seed: 7, functions: [talk]) { router in
                try await withThrowingTaskGroup { group in
                    for number in 1...5 {
                        group.addTask {
                            let web = try await router.local(name: "web\(number)")
                            let channel = try await Channel(router, respondent: web)
                            let talking = web.callAsync(talk, channel.invitation)
                            try await channel.send(number)
                            _ = try await channel.get()
                            channel.close()
                            _ = try await talking.get(timeout: .seconds(60))
                        }
                    }
                    try await group.waitForAll()
                }
            }.hash
        }
        #expect(hashes[0] == hashes[1])
    }
}

/// Doubles whatever it is sent, until the other end closes; the result is how often.
private let talk = RemoteFunction("test.talk") { (invitation: Channel.Invitation) async throws -> Int in
    let channel = try await Channel(answering: invitation)
    var count = 0
    for try await value in channel {
        guard case .int(let number) = value else { continue }
        try await channel.send(2 * number)
        count += 1
    }
    return count
}
