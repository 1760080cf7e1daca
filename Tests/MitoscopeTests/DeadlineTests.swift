import MitoCore
import Testing

@testable import Mitoscope

@Suite struct DeadlineTests {
    /// How long its caller still waits, in seconds.
    static let left = RemoteFunction("demo.left") { (context: CallContext) in
        context.deadline.map { Double(($0 - context.router.world.now).nanoseconds) / 1e9 }
    }
    /// What `demo.left` says in another context, called with a time-out of `seconds`, or with none.
    static let leftBehind = RemoteFunction("demo.behind") {
        (context: CallContext, target: ContextID, seconds: Int64?) in
        try await context.contextForTests(target).call(left, timeout: seconds.map { .seconds($0) })
    }
    static let hangBehind = RemoteFunction("demo.stuck") { (context: CallContext, target: ContextID) in
        do throws(MitoscopeError) {
            _ = try await context.contextForTests(target).call("hang")
            return "answered"
        } catch { return error.code.rawValue }
    }
    static let blockBehind = RemoteFunction("demo.blocked") { (context: CallContext, target: ContextID) throws in
        try context.contextForTests(target).call(left)
    }

    private let town = Town(children: 2, functions: [left, leftBehind, hangBehind, blockBehind])
    private var web: Context { town.context(1) }

    @Test func `a function knows when its caller gives up`() async throws {
        #expect(try await web.call(Self.left, timeout: .seconds(5)) == 5)
        #expect(try await web.call(Self.left) == nil)
    }

    @Test func `a nested call waits no longer than its function's caller`() async throws {
        #expect(try await web.call(Self.leftBehind, ContextID(2), nil, timeout: .seconds(5)) == 5)
        #expect(try await web.call(Self.leftBehind, ContextID(2), 60, timeout: .seconds(5)) == 5)
        #expect(try await web.call(Self.blockBehind, ContextID(2), timeout: .seconds(5)) == 5)
    }

    @Test func `a shorter time-out of its own is kept`() async throws {
        #expect(try await web.call(Self.leftBehind, ContextID(2), 2, timeout: .seconds(5)) == 2)
        #expect(try await web.call(Self.leftBehind, ContextID(2), 2) == 2)
    }

    @Test func `a relay waits no longer than its caller does`() async throws {
        let web = web
        let error = await #expect(throws: MitoscopeError.self) {
            try await web.call("relay", [2, "hang"], timeout: .seconds(5))
        }
        #expect(error?.code == .timeout)
        #expect(try await web.call("echo", [1]) == 1)
    }

    @Test func `a function that waits for a hung one ends when its caller gives up`() async throws {
        let web = web
        let error = await #expect(throws: MitoscopeError.self) {
            try await web.call(Self.hangBehind, ContextID(2), timeout: .seconds(5))
        }
        #expect(error?.code == .timeout)
        // Its context is free again.
        #expect(try await web.call("echo", [1]) == 1)
    }
}
