import MitoCore
import Mitoscope
import Testing

@Suite struct RouterTests {
    @Test func `a context that was started answers a call`() async throws {
        let router = Router(world: PumpWorld())
        let web = try await router.local(name: "web")
        #expect(try await web.call(BuiltInFunctions.add, [40, 2]) == 42)
        #expect(web.name == "web")
    }

    @Test func `a context below another knows its path`() async throws {
        let router = Router(world: PumpWorld())
        let bastion = try await router.local(name: "bastion")
        let web = try await router.local(name: "web", via: bastion)
        #expect(web.path == [bastion.id, web.id])
        #expect(try await web.call("echo", [1]) == 1)
    }

    @Test func `a function's failure is a call error with the path to it`() async throws {
        let router = Router(world: PumpWorld())
        let web = try await router.local(name: "web")
        let error = await #expect(throws: MitoscopeError.self) { try await web.call("fail", ["no luck"]) }
        #expect(error?.code == .call)
        #expect(error?.message == "mitoscope.Failed: no luck")
        #expect(error?.path == [web.id])
    }

    @Test func `a call past its time-out fails as such`() async throws {
        let web = try await Router(world: PumpWorld()).local()
        let error = await #expect(throws: MitoscopeError.self) { try await web.call("hang", timeout: .seconds(5)) }
        #expect(error?.code == .timeout)
    }

    @Test func `a cancelled task gives its call up`() async throws {
        let world = PumpWorld()
        let web = try await Router(world: world).local()
        let task = Task { try await web.call("hang") }
        task.cancel()
        let error = await #expect(throws: MitoscopeError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(world.openHandles == [])
    }

    @Test func `a context that was shut down is gone`() async throws {
        let web = try await Router(world: PumpWorld()).local()
        try await web.shutdown()
        let error = await #expect(throws: MitoscopeError.self) { try await web.call("echo") }
        #expect(error?.code == .channel)
        try await web.shutdown()
    }

    @Test func `nothing can be asked of a router that was shut down`() async throws {
        let router = Router(world: PumpWorld())
        let web = try await router.local()
        try await router.shutdown()
        let error = await #expect(throws: MitoscopeError.self) { try await web.call("echo") }
        #expect(error?.code == .shutdown)
        try await router.shutdown()
    }

    @Test func `the blocking form answers on a thread without a task`() async throws {
        let result = try await onThread { () throws(MitoscopeError) -> Value in
            let router = Router(world: PumpWorld())
            let web = try router.local(name: "web")
            defer { try? router.shutdown() }
            return try web.call("echo", [1], timeout: .seconds(5))
        }
        #expect(result == 1)
    }

    @Test func `the blocking form waits for an answer from another thread`() async throws {
        let result = try await onThread { () throws(MitoscopeError) -> Value in
            try Router(world: LateWorld()).local(name: "web").call("echo", [1])
        }
        #expect(result == 1)
    }

    @Test func `a blocking call inside a task traps with a sentence`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try shutDownBlocking(Router(world: PumpWorld()))
        }
        #expect(result.map { said($0).contains("await the async form instead") } == true)
    }
}

/// A function that is not async takes the blocking form, even when a task calls it.
private func shutDownBlocking(_ router: Router) throws(MitoscopeError) { try router.shutdown() }
