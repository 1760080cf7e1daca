import MitoCore
import Mitoscope
import Synchronization
import Testing

@Suite struct RouterTreeTests {
    @Test func `a root knows who it is`() {
        let router = Router(world: PumpWorld())
        #expect(router.isMaster && router.contextID == .master && router.parentID == nil && router.parentIDs == [])
        #expect(router.myself.name == "self" && router.myself.id == .master)
    }

    @Test func `the router of a child knows who it is too`() async throws {
        let who = RemoteFunction("demo.who") { (context: CallContext) in
            let router = context.router
            let ids = [router.contextID, router.parentID] + router.parentIDs
            return ["\(router.isMaster)"] + ids.map { "\($0, default: "nobody")" }
        }
        #expect(try await Town(children: 1, functions: [who]).context(1).call(who) == ["false", "1", "0", "0"])
    }

    @Test func `a context is known by its id, and by the way to it`() {
        let router = Router(world: PumpWorld())
        let bastion = router.contextByID(ContextID(1), name: "bastion")
        let web = router.contextByID(ContextID(2), via: bastion)
        #expect(bastion.name == "bastion" && web.path == [ContextID(1), ContextID(2)])
        #expect(web == router.contextByID(ContextID(2)) && router.myself.path == [])
    }

    @Test func `equal ids in two routers are two contexts`() async throws {
        let (one, other) = (Router(world: PumpWorld(children: 1)), Router(world: PumpWorld(children: 1)))
        let (mine, theirs) = (one.contextByID(ContextID(1)), other.contextByID(ContextID(1)))
        #expect(mine != theirs && mine == one.contextByID(ContextID(1)))
        #expect(await code { try await one.local(via: theirs) } == .usage)
        #expect(try await one.local(via: mine).path == [ContextID(1), ContextID(2)])
    }

    @Test func `ids are never given twice`() async throws {
        let router = Router(world: PumpWorld())
        let first = try await router.allocateID()
        let second = try await router.allocateID()
        let web = try await router.local()
        #expect([first, second, web.id] == [ContextID(1), ContextID(2), ContextID(1001)])
    }

    @Test func `a thousand ids are used up before more are asked for`() async throws {
        let router = Router(world: PumpWorld())
        var last = try await router.allocateID()
        for _ in 0..<1000 { last = try await router.allocateID() }
        #expect(last == ContextID(1001))
    }

    @Test func `a child may be unidirectional by itself`() async throws {
        let router = Router(world: PumpWorld())
        let bastion = try await router.local(unidirectional: true)
        let below = [try await router.local(via: bastion), try await router.local(via: bastion)]
        let error = await message { try await below[0].call("relay", [.int(Int64(below[1].id.rawValue)), "echo"]) }
        #expect(error?.contains("routing mode prevents forward of message") == true)
        let open = try await router.local(via: bastion, unidirectional: false)
        #expect(try await open.call("echo", [1]) == 1)
    }

    // MARK: Handlers

    @Test func `a handler may be registered once at a time`() async throws {
        let router = Router(world: PumpWorld())
        let handle = try await router.addHandler(handle: Handle(123)) { _ in }
        #expect(await code { try await router.addHandler(handle: handle) { _ in } } == .usage)
        try await router.removeHandler(handle)
        #expect(await code { try await router.removeHandler(handle) } == .usage)
        try await router.addHandler(handle: handle) { _ in }
    }

    @Test func `what a policy refuses is answered`() async throws {
        let router = Router(world: PumpWorld())
        let handle = try await router.addHandler(policy: .custom { _, _ in false }) { _ in Issue.record("called") }
        #expect(await message { try await router.myself.sendAwait(.raw([]), to: handle) } == "refused by policy")
    }

    @Test func `a handler for one message is called once`() async throws {
        let router = Router(world: PumpWorld())
        let calls = Mutex(0)
        let handle = try await router.addHandler(persist: false) { _ in calls.withLock { $0 += 1 } }
        for _ in 0..<2 { try router.myself.send(1, to: handle) }
        #expect(calls.withLock { $0 } == 1)
    }

    @Test func `what a handler throws is logged, and it stays`() async throws {
        let world = PumpWorld()
        let router = Router(world: world)
        let handle = try await router.addHandler { _ = try $0.value() }
        router.route(Message(to: .master, handle: handle, encoding: .pickle, payload: [1]))
        var records: [LogRecord] = []
        world.withPump { records = $0.logs }
        #expect(records.last?.message.hasPrefix("the handler of \(handle) failed: StreamError") == true)
        #expect(world.openHandles == [handle])
    }

    @Test func `every handler hears of the end`() async throws {
        let router = Router(world: PumpWorld())
        let last = Mutex("")
        try await router.addHandler { message in
            last.withLock { $0 = String(decoding: message.payload, as: UTF8.self) }
        }
        try await router.shutdown()
        #expect(last.withLock { $0 } == "Broker has exitted")
    }

    // MARK: Events

    @Test func `events tell who came, who went, and the end`() async throws {
        let router = Router(world: PumpWorld())
        let events = router.events()
        let web = try await router.local(name: "web")
        try await web.shutdown()
        try await router.shutdown()
        var seen: [Router.Event] = []
        for try await event in events { seen.append(event) }
        #expect(seen == [.up(web), .lost(web), .ending])
    }

    @Test func `the loss of a context is told once, whoever caused it`() async throws {
        let world = PumpWorld(children: 2)
        let router = Router(world: world)
        let losses = (1...2).map { router.contextByID(ContextID($0)).disconnect }
        world.withPump { $0.kill(2) }
        #expect(await code { try await losses[0].get(timeout: .zero) } == .timeout)
        #expect(try await losses[1].get(timeout: .zero) == .lost(router.contextByID(ContextID(2))))
        #expect(try await losses[1].next() == nil)
    }

    @Test func `the loss of a context that is gone already is told at once`() async throws {
        let router = Router(world: PumpWorld(children: 1))
        let web = router.contextByID(ContextID(1))
        try await web.shutdown()
        #expect(try await web.disconnect.get(timeout: .zero) == .lost(web))
    }

    // MARK: Shutdown

    @Test func `a shutdown may be waited for later`() async throws {
        let world = PumpWorld(children: 1)
        let gone = Router(world: world).contextByID(ContextID(1)).shutdownAsync()
        #expect(try await gone.get(timeout: .seconds(5)) == .none)
        #expect(world.openHandles == [])
    }

    @Test func `the shutdown of what never was is done at once`() async throws {
        let world = PumpWorld()
        try await Router(world: world).contextByID(ContextID(77)).shutdown()
        #expect(world.openHandles == [])
    }

    @Test func `a world without descriptors says so`() async {
        let world = PumpWorld()
        #expect(await code { try await world.readable(0).wait() } == .usage)
        #expect(await code { for try await _ in world.writable(1) {} } == .usage)
    }

    @Test func `code runs on the loop, and gives its value or its error back`() async throws {
        let world = PumpWorld()
        #expect(try await world.run { 42 } == 42)
        #expect(await code { try await world.run { throw MitoscopeError(.usage, "no") } } == .usage)
    }
}
