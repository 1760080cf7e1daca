import MitoCore
import Mitoscope
import Testing

@Suite struct MessageTests {
    @Test func `a message has its fields and its value`() async throws {
        let router = Router(world: PumpWorld(children: 1))
        let receiver = try await Receiver(router)
        try await router.contextByID(ContextID(1)).call("tail", [1, try receiver.sender().value])
        let message = try await receiver.get()
        #expect(message.source == ContextID(1) && message.authority == ContextID(1))
        #expect(message.handle == receiver.handle && message.replyTo == .none && !message.isDead)
        #expect(message.context == router.contextByID(ContextID(1)))
        #expect(try message.value() == 0)
    }

    @Test func `a reply goes to whoever asked, with whatever it carries`() async throws {
        let router = Router(world: PumpWorld())
        let handle = try await router.addHandler { message in
            if message.encoding == .binary { message.reply(.binary(message.payload)) }
            try message.reply(try message.value())
        }
        #expect(try await router.myself.sendAwait(.value(.list([1, "two"])), to: handle).value() == .list([1, "two"]))
        let echo = try await router.myself.sendAwait(.binary([1, 2]), to: handle)
        #expect(echo.encoding == .binary && echo.payload == [1, 2])
    }

    @Test func `nobody is answered who does not ask`() async throws {
        let world = PumpWorld()
        let router = Router(world: world)
        let handle = try await router.addHandler { try $0.reply(1) }
        try router.myself.send(1, to: handle)
        #expect(world.openHandles == [handle])
    }

    @Test func `a failure that was sent is thrown, or returned to whoever asks for it`() async throws {
        let receiver = try await Receiver(Router(world: PumpWorld()))
        for _ in 0..<2 { try receiver.sender().send(Value.callError("demo.Broken: no luck")) }
        #expect(await code { try await receiver.values.get() } == .call)
        #expect(try await receiver.get().value(throwing: false) == .callError("demo.Broken: no luck"))
    }

    @Test func `a dead message with a pickle in it can be read by whoever insists`() async throws {
        let router = Router(world: PumpWorld())
        let receiver = try await Receiver(router)
        router.route(
            Message(
                to: .master, handle: try #require(receiver.handle), replyTo: .dead, encoding: .pickle,
                payload: Value.int(42).pickled()))
        #expect(try await receiver.get(throwDead: false).value(throwing: false) == 42)
    }

    @Test func `what cannot be read is a stream error and nothing else is lost`() async throws {
        let router = Router(world: PumpWorld())
        let receiver = try await Receiver(router)
        router.route(
            Message(to: .master, handle: try #require(receiver.handle), encoding: .pickle, payload: [1, 2, 3]))
        try receiver.sender().send(1)
        #expect(await code { try await receiver.values.get() } == .stream)
        #expect(try await receiver.values.get() == 1)
    }

    @Test func `a message to a context that never was is answered from here`() async throws {
        let world = PumpWorld()
        let nobody = Router(world: world).contextByID(ContextID(77))
        #expect(await message { try await nobody.sendAwait(.raw([]), to: Handle(5)) } == "no route to 77, my ID is 0")
        #expect(world.openHandles == [])
    }

    @Test func `an answer that does not come in time is not waited for`() async throws {
        let world = PumpWorld()
        let router = Router(world: world)
        let deaf = try await router.addHandler { _ in }
        #expect(
            await code { try await router.myself.sendAwait(.raw([]), to: deaf, timeout: .milliseconds(1)) } == .timeout)
        #expect(world.openHandles == [deaf])
    }

    @Test func `a receiver of answers that persists takes as many as come`() async throws {
        let router = Router(world: PumpWorld())
        let handle = try await router.addHandler { message in
            for number in [1, 2] { try message.reply(number) }
        }
        let answers = router.myself.sendAsync(.raw([]), to: handle, persist: true)
        #expect(try await answers.get().value() == 1)
        #expect(try await answers.get().value() == 2)
    }

    @Test func `a send is there before the call that follows it`() async throws {
        let world = PumpWorld(children: 1)
        let web = Router(world: world).contextByID(ContextID(1))
        let sender = try await web.call("collect")
        guard case .sender(_, let handle) = sender else { Issue.record("no sender"); return }
        for number in 0..<100 { try web.send(number, to: handle) }
        web.send(.dead(""), to: handle)
        #expect(try await web.call("collected", [sender]) == .list((0..<100).map { .int($0) }))
    }
}
