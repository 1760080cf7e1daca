import MitoCore
import Mitoscope
import Testing

@Suite struct LocalTests {
    let world = PumpWorld()
    var router: Router { Router(world: world) }

    @Test func `what is asked of a context is in the plan for its launch`() async throws {
        _ = try await router.local(
            name: "web", executable: "/opt/image", remoteName: "somebody", unidirectional: true, debug: true,
            profiling: false)
        let plan = try #require(world.plans.last)
        #expect(plan.method == "local" && plan.remoteName == "web")
        let options: [Value.Pair] = [
            .init("python_path", "/opt/image"), .init("remote_name", "somebody"), .init("unidirectional", .bool(true)),
            .init("debug", .bool(true)), .init("profiling", .bool(false)),
        ]
        #expect(plan.options == options)
    }

    @Test func `what is not asked is left to whoever starts it`() async throws {
        _ = try await router.local()
        #expect(world.plans.last?.options == [])
    }

    @Test func `a relay gets the same plan`() async throws {
        let bastion = try await router.local(name: "bastion")
        _ = try await router.local(
            name: "web", via: bastion, executable: "/opt/image", connectTimeout: .seconds(3), grace: .milliseconds(5))
        let plan = try #require(world.plans.last)
        #expect(plan.remoteName == "web")
        #expect(plan.options.contains(.init("python_path", "/opt/image")))
    }

    @Test func `the longest time that there is travels to a relay too`() async throws {
        let bastion = try await router.local(name: "bastion")
        let web = try await router.local(via: bastion, connectTimeout: Duration(nanoseconds: .max))
        #expect(try await web.call("echo", [1]) == 1)
    }

    @Test(arguments: ["a/b", "a\\b", "a\0b"]) func `a process is not called after a path`(name: String) async {
        #expect(await code { try await router.local(remoteName: name) } == .usage)
        #expect(world.plans == [])
    }

    @Test(arguments: ["", "a\0b"]) func `a program has a name`(executable: String) async {
        #expect(await code { try await router.local(executable: executable) } == .usage)
    }

    @Test func `nothing takes less time than none`() async {
        #expect(await code { try await router.local(connectTimeout: .milliseconds(-1)) } == .usage)
        let root = router
        let error = await codeOnThread { () throws(MitoscopeError) in try root.local(grace: .seconds(-1)) }
        #expect(error == .usage)
    }
}
