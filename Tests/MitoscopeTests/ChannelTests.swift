import MitoCore
import Mitoscope
import Testing

@Suite struct ChannelTests {
    @Test func `two ends exchange their handles by themselves`() async throws {
        let router = Router(world: PumpWorld())
        let channel = try await Channel(router)
        let other = try await Channel(answering: channel.invitation)
        try await channel.send("there")
        try await other.send("back")
        #expect(try await other.get() == "there")
        #expect(try await channel.get() == "back")
    }

    @Test func `whoever sends waits until the other end is there`() async throws {
        let router = Router(world: PumpWorld())
        let channel = try await Channel(router)
        #expect(await code { try await channel.send(0, timeout: .milliseconds(1)) } == .timeout)
        let sending = (1...3).map { number in Task { try await channel.send(number) } }
        let other = try await Channel(answering: channel.invitation)
        for task in sending { try await task.value }
        var seen: Set<Value> = []
        for _ in 1...3 { seen.insert(try await other.get()) }
        #expect(seen == [1, 2, 3])
    }

    @Test func `closing one end ends the loop at the other`() async throws {
        let world = PumpWorld()
        let router = Router(world: world)
        let channel = try await Channel(router)
        let other = try await Channel(answering: channel.invitation)
        try await other.send(1)
        channel.close()
        #expect(try await other.receiver.next() == nil)
        #expect(await code { try await channel.send(1) } == .channel)
        other.close()
        #expect(world.openHandles == [])
    }

    @Test func `the loss of the respondent ends a channel that nobody answered`() async throws {
        let world = PumpWorld(children: 1)
        let router = Router(world: world)
        let channel = try await Channel(router, respondent: router.contextByID(ContextID(1)))
        let sending = Task { try await channel.send(1) }
        world.withPump { $0.kill(1) }
        #expect(await code { try await sending.value } == .channel)
        #expect(world.openHandles == [])
    }

    @Test func `a channel that nobody holds leaves no handle`() async throws {
        let world = PumpWorld()
        do { _ = try await Channel(Router(world: world)) }
        #expect(world.openHandles == [])
    }

    @Test(arguments: [Value.none, .tuple([1, 2]), "x"])
    func `only an invitation is one`(value: Value) {
        #expect(Channel.Invitation(value, router: Router(world: PumpWorld())) == nil)
    }
}
