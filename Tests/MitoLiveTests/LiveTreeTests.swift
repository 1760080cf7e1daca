import TestSupport
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope
import Testing

@Suite(.timeLimit(.minutes(1))) struct LiveTreeTests {
    @Test(arguments: [false, true]) func `a call to a child process comes back`(isPortable: Bool) async throws {
        try await Live.tree(isPortable: isPortable) { live in
            let web = try await live.router.local(name: "web")
            #expect(try await web.call("echo", ["hello"]) == "hello")
        }
    }

    @Test func `a router ends what was started with it, also when its user fails`() async throws {
        struct Mishap: Error {}
        let name = uniqueName()
        await #expect(throws: Mishap.self) {
            try await withRouter(image: Live.agentPath) { router in
                let web = try await router.local(name: name)
                #expect(try await web.call("echo", ["hello"]) == "hello")
                throw Mishap()
            }
        }
        #expect(Processes.mentioning(name) == [])
    }

    @Test func `a child without a name is called after its method and process`() async throws {
        try await Live.tree { live in
            let child = try await live.router.local()
            let name = await withCheckedContinuation { continuation in
                live.broker.submit { agent, _ in continuation.resume(returning: agent.node.name(of: child.id)) }
            }
            let pid = try #require(name.flatMap { Int32($0.dropFirst("local.".count)) })
            #expect(name == "local.\(pid)")
            #expect(Processes.found(pid) != nil)
        }
    }

    @Test func `a failing function is an error of the call`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local(name: "web")
            let error = await error(of: web, "fail", ["boom"])
            #expect(error?.code == .call)
            #expect(error?.message == "mitoscope.Failed: boom")
            #expect(try await web.call("echo", [1]) == 1)
        }
    }

    @Test func `a function that nobody has is an error of the call`() async throws {
        try await Live.tree { live in
            let error = await error(of: try await live.router.local(name: "web"), "ecko", [])
            #expect(error?.code == .call)
            #expect(error?.message.contains("echo") == true)
        }
    }

    @Test func `a hung function runs into the time-out of its call`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local(name: "web")
            let error = await error(of: web, "hang", [], timeout: .milliseconds(20))
            #expect(error?.code == .timeout)
        }
    }

    @Test func `killing a context wakes whoever waits for it`() async throws {
        try await Live.tree { live in
            let name = uniqueName()
            let web = try await live.router.local(name: name)
            async let waiting = error(of: web, "hang", [])
            try await kill(try #require(Processes.context(name)))
            #expect(await waiting?.code == .channel)
            #expect(await error(of: web, "echo", [1])?.code == .channel)
        }
    }

    @Test func `a call travels down a chain of ten`() async throws {
        try await Live.tree { live in
            var last = try await live.router.local()
            for _ in 1..<10 { last = try await live.router.local(via: last) }
            #expect(try await last.call("add", [40, 2]) == 42)
            #expect(last.path.count == 10)
        }
    }

    @Test func `killing a relay loses what is below it, and nothing beside it`() async throws {
        try await Live.tree { live in
            let name = uniqueName()
            let relay = try await live.router.local(name: name)
            let leaf = try await live.router.local(name: name + "-leaf", via: relay)
            let other = try await live.router.local()
            async let waiting = error(of: leaf, "hang", [])
            try await kill(try #require(Processes.context(name)))
            #expect(await waiting?.code == .channel)
            #expect(try await other.call("echo", [1]) == 1)
            #expect(await Processes.eventually { Processes.context(name + "-leaf") == nil })
        }
    }

    @Test func `nobody but its ancestors may call a context`() async throws {
        try await Live.tree { live in
            let (a, b) = (try await live.router.local(), try await live.router.local())
            let error = await error(of: a, "relay", [.int(Int64(b.id.rawValue)), "echo", "hi"])
            #expect(error?.message.contains("refused by policy") == true)
        }
    }

    @Test func `a stream between two contexts arrives whole and in order`() async throws {
        try await Live.tree { live in
            let (a, b) = (try await live.router.local(), try await live.router.local())
            let sender = try await a.call("collect")
            #expect(try await b.call("tail", [1000, sender]) == 1000)
            #expect(try await a.call("collected", [sender]) == .list((0..<1000).map { .int($0) }))
        }
    }

    @Test func `whoever streams to a frozen reader waits instead of growing`() async throws {
        try await Live.tree { live in
            let name = uniqueName()
            let sender = try await live.router.local(name: name)
            let reader = try await live.router.local(name: name + "-reader", via: sender)
            let receiver = try await reader.call("collect")
            let frozen = try #require(Processes.context(name + "-reader"))
            #expect(ProcessSignal.freeze(frozen.pid))
            async let streamed = error(of: sender, "flood", [2_000, receiver, 1_048_576])
            let process = try #require(Processes.context(name)).pid
            #expect(await Processes.comesToRest(process))
            #expect(try #require(Processes.residentKilobytes(process)) < 64 * 1024)
            #expect(try await live.router.local(via: sender).call("echo", [1]) == 1)
            #expect(ProcessSignal.kill(frozen.pid))
            #expect(await streamed?.message.contains("the respondent Context has disconnected") == true)
        }
    }

    @Test func `a megabyte goes there and back`() async throws {
        try await Live.tree { live in
            let bytes = Value.bytes((0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) })
            let web = try await live.router.local()
            #expect(try await web.call("echo", [bytes]) == bytes)
        }
    }

    @Test func `code that blocks its context's thread does not block the broker`() async throws {
        try await Live.tree { live in
            let relay = try await live.router.local()
            let leaf = try await live.router.local(via: relay)
            async let blocked = error(of: relay, "block", ["1h"], timeout: .milliseconds(300))
            #expect(try await leaf.call("echo", [1]) == 1)
            #expect(await blocked?.code == .timeout)
        }
    }

    @Test func `a block of a millisecond ends`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local()
            #expect(try await web.call("block", ["1ms"]) == .none)
        }
    }

    @Test func `an orderly end leaves no process, and afterwards nothing can be asked for`() async throws {
        let name = uniqueName()
        let live = try Live()
        let relay = try await live.router.local(name: name)
        _ = try await live.router.local(name: name + "-leaf", via: relay)
        try await live.router.shutdown()
        #expect(Processes.mentioning(name) == [])
        #expect(await error(of: relay, "echo", [1])?.code == .shutdown)
        try await live.router.shutdown()
    }

    @Test func `one context can be ended`() async throws {
        try await Live.tree { live in
            let name = uniqueName()
            let web = try await live.router.local(name: name)
            try await web.shutdown()
            #expect(await Processes.eventually { Processes.context(name) == nil })
        }
    }

    @Test func `a program that cannot be started is a typed error`() async throws {
        let live = try Live(image: "/nowhere/at-all")
        let error = await #expect(throws: MitoscopeError.self) { try await live.router.local(name: "web") }
        #expect(error?.code == .stream)
        #expect(error?.message.hasPrefix("Child start failed: [Errno 2] No such file or directory") == true)
        try await live.router.shutdown()
    }

    @Test func `a program that is no context shows its last lines`() async throws {
        let live = try Live(image: "/bin/false")
        let error = await #expect(throws: MitoscopeError.self) { try await live.router.local(name: "web") }
        #expect(error?.message.hasPrefix("EOF on stream") == true)
        try await live.router.shutdown()
    }

    @Test func `a child that never speaks runs into the connect time-out and is ended`() async throws {
        let live = try Live { $0.connectTimeout = .milliseconds(50) }
        let name = uniqueName()
        let request = silent(name)
        let result = await withCheckedContinuation { continuation in
            live.broker.perform(.connect(request), as: CommandID(1000)) { continuation.resume(returning: $0) }
        }
        #expect(throws: MitoscopeError.self) { try result.get() }
        try await live.router.shutdown()
        #expect(Processes.mentioning(name) == [])
    }
}

/// A child that starts and says nothing for ever. It does not even notice that its stream closes.
func silent(_ name: String) -> ConnectRequest {
    var request = ConnectRequest(name: name)
    request.options = [Value.Pair("python_path", .list(["bash", "-c", .text("exec -a \(name) sleep 1000")]))]
    return request
}

private func kill(_ process: Processes.Found) async throws {
    #expect(ProcessSignal.kill(process.pid))
}

private func error(
    of context: Context, _ function: String, _ arguments: [Value], timeout: Duration? = nil
) async -> MitoscopeError? {
    do throws(MitoscopeError) {
        try await context.call(function, arguments, timeout: timeout)
        return nil
    } catch {
        return error
    }
}
