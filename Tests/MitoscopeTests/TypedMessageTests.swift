import MitoCore
import Mitoscope
import Testing

@Suite struct TypedMessageTests {
    let router = Router(world: PumpWorld(children: 2))
    var web: Context { router.contextByID(ContextID(1)) }

    @Test func `what was sent comes out as it went in`() async throws {
        let disks = try await Receiver(router).decoding(Disk.self)
        try disks.sender().send(Disk(name: "sda", free: 42))
        #expect(try await disks.get() == Disk(name: "sda", free: 42))
    }

    @Test func `what is something else is a stream error, and the next item is not lost`() async throws {
        let disks = try await Receiver(router).decoding(Disk.self)
        try disks.sender().send("no disk")
        try disks.sender().send(Disk(name: "sda", free: 42))
        #expect(await code { try await disks.get() } == .stream)
        #expect(try await disks.get().name == "sda")
    }

    @Test func `what cannot travel is not sent`() async throws {
        let receiver = try await Receiver(router)
        #expect(await code { try receiver.sender().send(Nested(depth: 1000)) } == .argument)
        #expect(try receiver.count == 0)
    }

    @Test func `contexts, senders and invitations travel as themselves`() async throws {
        let receiver = try await Receiver(router)
        let channel = try await Channel(router)
        let parcel = Parcel(context: web, sender: try receiver.sender(), invitation: channel.invitation)
        try receiver.sender().send(parcel)
        #expect(try await receiver.get().decode() == parcel)
    }

    @Test func `a context that came back from a function is the one that was sent`() async throws {
        let echo = RemoteFunction("echo") { (context: Context) in context }
        #expect(try await web.call(echo, web) == web)
    }

    @Test func `what belongs to another router does not travel`() async throws {
        let other = Router(world: PumpWorld(children: 1))
        let stranger = other.contextByID(ContextID(1))
        let receiver = try await Receiver(router)
        #expect(await code { try receiver.sender().send(stranger) } == .argument)
        let theirs = try await Receiver(other).sender()
        #expect(await code { try receiver.sender().send(theirs) } == .argument)
        let echo = RemoteFunction("echo") { (context: Context) in context }
        #expect(await code { try await web.call(echo, stranger) } == .argument)
    }

    @Test func `calls that are not waited for have results of their types`() async throws {
        let echo = RemoteFunction("echo") { (number: Int) in number }
        let calls = (1...3).map { web.callAsync(echo, $0) }
        var sum = 0
        for try await number in Select(calls) { sum += number }
        #expect(sum == 6)
    }

    @Test func `a call by name has a result of the type that is asked for`() async throws {
        #expect(try await web.call("echo", [42], as: Int.self) == 42)
        #expect(try await web.call("echo", [.dict([.init("name", "sda"), .init("free", 1)])], as: Disk.self).free == 1)
        let web = web
        #expect(try await onThread { () throws(MitoscopeError) in try web.call("echo", ["x"], as: String.self) } == "x")
    }

    @Test func `a result by name that is something else says so`() async throws {
        let error = await #expect(throws: MitoscopeError.self) { try await web.call("echo", ["x"], as: Int.self) }
        #expect(error?.code == .stream)
        #expect(error?.message == "the result of echo: wanted Int, not 'x'")
        #expect(await code { try await web.call("fail", ["no luck"], as: Int.self) } == .call)
    }

    @Test func `what a call by name brings later can be read as a type`() async throws {
        let sizes = (1...2).map { router.contextByID(ContextID($0)).callAsync("echo", [.int(Int64($0))]) }
        #expect(try await Set(Select.all(sizes.map { $0.decoding(Int.self) })) == [1, 2])
        #expect(
            await message { try await web.callAsync("echo", ["x"]).decoding(Int.self).get() }
                == "what came in: wanted Int, not 'x'")
    }

    @Test func `a call whose receiver is dropped is given up`() async throws {
        let world = PumpWorld(children: 1)
        let hang = RemoteFunction("hang") { 1 }
        do { _ = Router(world: world).contextByID(ContextID(1)).callAsync(hang) }
        #expect(world.openHandles == [])
    }

    @Test func `a call that is not waited for fails with its function's name`() async throws {
        let fail = RemoteFunction("fail") { (why: String) -> Int in throw MitoscopeError(.usage, why) }
        let call = web.callAsync(fail, "no luck")
        let error = await #expect(throws: MitoscopeError.self) { try await call.get() }
        #expect(error?.callError?.function == "fail")
        #expect(error?.path == [web.id])
    }
}

private struct Disk: Codable, Hashable {
    var name: String
    var free: UInt64
}

private struct Parcel: Codable, Hashable {
    var context: Context
    var sender: Sender
    var invitation: Channel.Invitation
}

/// Deeper than anything may be.
private struct Nested: Encodable {
    var depth: Int

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        if depth > 0 { try container.encode(Nested(depth: depth - 1)) }
    }
}
