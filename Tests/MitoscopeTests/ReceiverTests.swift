import MitoCore
import Mitoscope
import Testing

@Suite struct ReceiverTests {
    @Test func `a receiver gets a number of its own, and what is sent there`() async throws {
        let router = Router(world: PumpWorld())
        let receiver = try await Receiver(router)
        #expect(try #require(receiver.handle) >= .firstDynamic)
        try receiver.sender().send(42)
        #expect(try await receiver.values.get() == 42)
    }

    @Test func `a receiver's sender leads to its own context`() async throws {
        let router = Router(world: PumpWorld())
        let receiver = try await Receiver(router)
        let sender = try receiver.sender()
        #expect(sender.context == router.myself)
        #expect(sender.value == .sender(.master, try #require(receiver.handle)))
        #expect(Sender(sender.value, router: router) == sender)
    }

    @Test func `a function far away sends to a receiver until it closes`() async throws {
        let world = PumpWorld(children: 1)
        let router = Router(world: world)
        let numbers = try await Receiver(router).values
        try await router.contextByID(ContextID(1)).call("tail", [3, numbers.sender().value])
        var seen: [Value] = []
        for try await number in numbers { seen.append(number) }
        #expect(seen == [0, 1, 2])
    }

    @Test func `a dead message is a channel error, or a message for whoever asks for one`() async throws {
        let receiver = try await Receiver(Router(world: PumpWorld()))
        try receiver.sender().close()
        try receiver.sender().close()
        #expect(await message { try await receiver.get() } == "Sender was explicitly closed")
        let dead = try await receiver.get(throwDead: false)
        #expect(dead.isDead && dead.source == .master)
    }

    @Test(arguments: [(ContextID(0), "Channel closed by local end."), (ContextID(1), "Channel closed by remote end.")])
    func `a dead message without a reason says which end it came from`(source: ContextID, text: String) async throws {
        let world = PumpWorld(children: 1)
        let receiver = try await Receiver(Router(world: world))
        let dead = Message.dead("", to: .master, from: source, handle: try #require(receiver.handle))
        world.withPump { $0.withAgent(Int(source.rawValue)) { agent, now in agent.node.send(dead, at: now) } }
        #expect(await message { try await receiver.get() } == text)
    }

    @Test func `nothing in time is a time-out, and zero does not wait`() async throws {
        let receiver = try await Receiver(Router(world: PumpWorld()))
        #expect(await code { try await receiver.get(timeout: .milliseconds(1)) } == .timeout)
        #expect(await code { try await receiver.get(timeout: .zero) } == .timeout)
    }

    @Test func `closing wakes everybody who waits, loses what is there, and may be done twice`() async throws {
        let world = PumpWorld()
        let receiver = try await Receiver(Router(world: world))
        let waiting = (0..<5).map { _ in Task { try await receiver.get() } }
        await waitUntil { receiver.sleeperCount == 5 }
        receiver.close()
        receiver.close()
        for task in waiting { #expect(await message { try await task.value } == "the Receiver has been closed") }
        #expect(await message { try await receiver.get() } == "the Receiver has been closed")
        #expect(await code { _ = try receiver.count } == .channel)
        #expect(world.openHandles == [])
    }

    @Test func `what is sent to a closed receiver is answered invalid handle`() async throws {
        let world = PumpWorld(children: 1)
        let router = Router(world: world)
        let receiver = try await Receiver(router)
        let sender = try receiver.sender()
        receiver.close()
        #expect(await message { try await sender.context.sendAwait(.value(1), to: sender.handle) } == "invalid handle")
    }

    @Test func `a loop over a closed receiver ends with no item and no error`() async throws {
        let receiver = try await Receiver(Router(world: PumpWorld()))
        let loop = Task {
            var count = 0
            for try await _ in receiver { count += 1 }
            return count
        }
        await waitUntil { receiver.sleeperCount == 1 }
        receiver.close()
        #expect(try await loop.value == 0)
    }

    @Test func `a loop ends at the first dead message, and what comes later can still be had`() async throws {
        let receiver = try await Receiver(Router(world: PumpWorld())).values
        let sender = try receiver.sender()
        for number in [1, 2] { try sender.send(number) }
        sender.close()
        try sender.send(3)
        var seen: [Value] = []
        for try await number in receiver { seen.append(number) }
        #expect(seen == [1, 2])
        #expect(try await receiver.get() == 3)
    }

    @Test func `a dead message wakes one of those who wait`() async throws {
        let receiver = try await Receiver(Router(world: PumpWorld()))
        let waiting = (0..<2).map { _ in Task { try await receiver.get() } }
        await waitUntil { receiver.sleeperCount == 2 }
        try receiver.sender().close()
        await waitUntil { receiver.sleeperCount == 1 }
        try receiver.sender().send(1)
        var codes: [MitoscopeError.Code?] = []
        for task in waiting { codes.append(await code { try await task.value }) }
        #expect(codes.count { $0 == .channel } == 1 && codes.count { $0 == nil } == 1)
    }

    @Test func `a receiver for one message is done with it`() async throws {
        let world = PumpWorld()
        let receiver = try await Receiver(Router(world: world), persist: false)
        let sender = try receiver.sender()
        try sender.send(1)
        try sender.send(2)
        #expect(world.openHandles == [])
        #expect(try await receiver.get().value() == 1)
        #expect(await code { try await receiver.get() } == .channel)
        receiver.close()
    }

    @Test func `the loss of the respondent ends every wait`() async throws {
        let world = PumpWorld(children: 1)
        let router = Router(world: world)
        let receiver = try await Receiver(router, respondent: router.contextByID(ContextID(1)))
        let waiting = (0..<3).map { _ in Task { try await receiver.get() } }
        await waitUntil { receiver.sleeperCount == 3 }
        world.withPump { $0.kill(1) }
        for task in waiting { #expect(await code { try await task.value } == .channel) }
        #expect(world.openHandles == [])
        #expect(world.receiverCount == 0)
    }

    @Test func `a receiver that nobody holds any more frees its handle`() async throws {
        let world = PumpWorld()
        let router = Router(world: world)
        do { _ = try await Receiver(router) }
        #expect(world.openHandles == [])
        #expect(world.receiverCount == 0)
    }

    @Test func `a waiting task that is cancelled loses nothing and leaves nothing`() async throws {
        let world = PumpWorld()
        let receiver = try await Receiver(Router(world: world)).values
        let waiting = Task { try await receiver.get() }
        await waitUntil { receiver.sleeperCount == 1 }
        waiting.cancel()
        #expect(await code { try await waiting.value } == .cancelled)
        #expect(receiver.sleeperCount == 0)
        try receiver.sender().send(1)
        #expect(try await receiver.get() == 1)
    }

    @Test func `a chosen handle is taken until its receiver is closed`() async throws {
        let router = Router(world: PumpWorld())
        let receiver = try await Receiver(router, handle: Handle(123))
        #expect(await code { try await Receiver(router, handle: Handle(123)) } == .usage)
        receiver.close()
        _ = try await Receiver(router, handle: Handle(123))
    }

    @Test func `the respondent must be a context of the same router`() async throws {
        let other = Router(world: PumpWorld(children: 1)).contextByID(ContextID(1))
        let router = Router(world: PumpWorld(children: 1))
        #expect(await code { try await Receiver(router, respondent: other) } == .usage)
    }

    @Test func `messages that nobody takes are refused at a limit, and the reader hears of it once`() async throws {
        let world = PumpWorld(children: 1)
        let router = Router(world: world)
        let receiver = try await Receiver(router, bytesMax: 10_000)
        let block = Payload.binary([UInt8](repeating: 1, count: 4000))
        let answers = (0..<4).map { _ in router.myself.sendAsync(block, to: receiver.handle ?? .none) }
        #expect(try receiver.count == 3)
        for answer in answers[2...] { #expect(await message { try await answer.get() } == "queue full") }
        for _ in 0..<2 { _ = try await receiver.get() }
        #expect(await code { try await receiver.get() } == .stream)
        try receiver.sender().send(block)
        #expect(try await receiver.get().payload.count == 4000)
    }

    @Test func `a receiver whose router has ended fails`() async throws {
        let world = PumpWorld()
        let router = Router(world: world)
        let receiver = try await Receiver(router)
        try await router.shutdown()
        #expect(await message { try await receiver.get() } == "Broker has exitted")
        #expect(await code { try await receiver.get() } == .channel)
        #expect(world.receiverCount == 0)
    }

    @Test func `the blocking form serves a thread`() async throws {
        let value = try await onThread { () throws(MitoscopeError) in
            let receiver = try Receiver(Router(world: PumpWorld())).values
            try receiver.sender().send(42)
            try receiver.sender().close()
            guard let value = try receiver.next(), try receiver.next() == nil else { return Value.none }
            return value
        }
        #expect(value == 42)
    }
}
