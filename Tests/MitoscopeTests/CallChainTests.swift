import MitoCore
import Synchronization
import Testing

@testable import Mitoscope

@Suite struct CallChainTests {
    /// What the context was made to do.
    private let log = Log()
    private let town: Town
    private let step: RemoteFunction<String, String>

    private final class Log: Sendable {
        let steps = Mutex<[String]>([])
        var done: [String] { steps.withLock { $0 } }
    }

    struct Broken: Error {}

    init() {
        step = RemoteFunction("demo.step") { [log] (name: String) throws in
            log.steps.withLock { $0.append(name) }
            if name.hasPrefix("bad") { throw Broken() }
            return name
        }
        town = Town(children: 2, functions: [step])
    }

    private var web: Context { town.context(1) }

    @Test func `calls of a chain get its first failure and are not run`() async throws {
        let chain = try await CallChain(on: web)
        #expect(try await chain.call(step, "one") == "one")
        try chain.callNoReply(step, "bad")
        let late = chain.callAsync(step, "two")
        let error = await #expect(throws: MitoscopeError.self) { try await chain.call(step, "three") }
        #expect(error?.callError?.type == "MitoscopeTests.CallChainTests.Broken")
        await #expect(throws: MitoscopeError.self) { try await late.get() }
        #expect(log.done == ["one", "bad"])
    }

    @Test func `a chain that was reset runs again`() async throws {
        let chain = try await CallChain(on: web)
        await #expect(throws: MitoscopeError.self) { try await chain.call(step, "bad") }
        chain.reset()
        #expect(try await chain.call(step, "good") == "good")
    }

    @Test func `chains know nothing of each other, and plain calls of neither`() async throws {
        let first = try await CallChain(on: web)
        let second = try await CallChain(on: web)
        try first.callNoReply(step, "bad")
        #expect(try await second.call(step, "fine") == "fine")
        #expect(try await web.call(step, "plain") == "plain")
    }

    @Test func `a chain that is dropped leaves nothing behind`() async throws {
        var chain: CallChain? = try await CallChain(on: web)
        chain?.callNoReply("demo.step", ["bad"])
        chain = nil
        // A chain by the same number, as if the number came again.
        var request = CallRequest("demo.step", on: ContextID(1), ["again"])
        request.chain = "0-1"
        #expect(try await town.router.perform(.call(request), path: []) == "again")
    }

    @Test func `a thread may use a chain`() async throws {
        let (web, step) = (web, step)
        let sum = try await onThread { () throws(MitoscopeError) in
            let chain = try CallChain(on: web)
            return try chain.call(step, "a") + String(chain.callAsync(step, "b").get())
        }
        #expect(sum == "ab")
    }

    @Test func `a call that wants no answer keeps its place among the others`() async throws {
        for number in 0..<20 { try web.callNoReply(step, "\(number)") }
        #expect(try await web.call(step, "last") == "last")
        #expect(log.done == (0..<20).map { "\($0)" } + ["last"])
    }

    @Test func `a failure that nobody waits for is logged where it happened`() async throws {
        try web.callNoReply(step, "bad")
        try await web.call("echo")
        #expect(town.logs.contains { $0.message.hasPrefix("No-reply function call failed: MitoscopeTests.") })
    }

    @Test func `answers of typed calls can be selected among`() async throws {
        let contexts = [web, town.context(2)]
        var names: [String] = []
        for try await name in Select(contexts.map { $0.callAsync(step, "\($0.id)") }) { names.append(name) }
        #expect(names.sorted() == ["1", "2"])
    }

    @Test func `an argument that cannot travel is what its receiver gets`() async throws {
        let wait = RemoteFunction("demo.wait") { (_: MitoCore.Duration) in }
        let receiver = web.callAsync(wait, .seconds(-1))
        let error = await #expect(throws: MitoscopeError.self) { try await receiver.get() }
        #expect(error?.code == .argument)
    }
}
