import MitoCore
import Synchronization
import Testing

@testable import Mitoscope

@Suite struct RemoteFunctionTests {
    static let add = RemoteFunction("demo.add", labels: ["a", "b"]) { (a: Int, b: Int) in a + b }
    static let whereAmI = RemoteFunction("demo.where") { (context: CallContext) in context.name }
    static let slowly = RemoteFunction("demo.slowly") { (text: String) in
        await Task.yield()
        return text.uppercased()
    }
    static let nothing = RemoteFunction("demo.nothing") { (_: Int) in }
    static let later = RemoteFunction("demo.later") { (_: CallContext, count: Int) in
        for _ in 0..<count { await Task.yield() }
    }
    static let quick = RemoteFunction("demo.quick", .inline) { (disk: Disk, free: UInt64) in
        Disk(name: disk.name, free: free)
    }
    static let greet = RemoteFunction("demo.greet", labels: ["name", "greeting"]) { (name: String, greeting: String?) in
        "\(greeting ?? "hello") \(name)"
    }
    static let all: [any ImageFunction] = [add, whereAmI, slowly, nothing, later, quick, greet]

    struct Disk: Codable, Hashable, Sendable {
        var name: String
        var free: UInt64
    }

    private let town = Town(children: 2, functions: all)
    private var web: Context { town.context(1) }

    @Test func `a function is called with the types that it is declared with`() async throws {
        let sum = try await web.call(Self.add, 2, 3)
        #expect(sum == 5)
        #expect(try await web.call(Self.quick, Disk(name: "sda", free: 0), .max) == Disk(name: "sda", free: .max))
    }

    @Test func `a body may ask for the context that it runs in`() async throws {
        #expect(try await web.call(Self.whereAmI) == "child1")
        #expect(try await town.context(2).call(Self.whereAmI) == "child2")
    }

    @Test func `a body may suspend`() async throws {
        #expect(try await web.call(Self.slowly, "abc") == "ABC")
    }

    @Test func `a function may belong to a type of a module`() async throws {
        let free = RemoteFunction("demo.Disk.free") { (disk: Disk) in disk.free }
        let web = Town(children: 1, functions: [free]).context(1)
        #expect(try await web.call(free, Disk(name: "sda", free: 42)) == 42)
        #expect(try await web.call("demo.Disk.free", [.dict([.init("name", "sda"), .init("free", 1)])]) == 1)
    }

    @Test func `labels that do not fit end the program with a sentence`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RemoteFunction("demo.add", labels: ["a"]) { (a: Int, b: Int) in a + b }
        }
        #expect(result.map { said($0).contains("demo.add has 2 arguments and 1 labels") } == true)
    }

    @Test func `a function without a result returns None`() async throws {
        try await web.call(Self.nothing, 1)
        try await web.call(Self.later, 3)
        #expect(try await web.call("demo.nothing", [1]) == .none)
    }

    @Test func `a thread may block for a typed call`() async throws {
        let web = web
        #expect(try await onThread { () throws(MitoscopeError) in try web.call(Self.add, 40, 2) } == 42)
    }

    @Test func `each body runs where its form says`() {
        #expect(Self.add.body.place == "blocking")
        #expect(Self.quick.body.place == "inline")
        #expect(Self.slowly.body.place == "async")
        #expect(Self.later.body.place == "async")
    }

    @Test func `keywords bind to the declared labels`() async throws {
        #expect(try await web.call("demo.add", keywords: [.init("b", 1), .init("a", 2)]) == 3)
        #expect(try await web.call("demo.greet", ["you"]) == "hello you")
        #expect(try await web.call("demo.greet", ["you"], keywords: [.init("greeting", "good day")]) == "good day you")
        #expect(try await web.call(Self.greet, "you", nil) == "hello you")
    }

    @Test(
        arguments: [
            ("demo.add", [1], [], "demo.add needs 'b'"),
            ("demo.add", [1, 2, 3], [], "demo.add takes at most 2 arguments, not 3"),
            ("demo.add", [1, "2"], [], "demo.add, 'b': wanted Int, not '2'"),
            ("demo.add", [1], [.init("bb", 2)], "demo.add has no argument 'bb'; the nearest is 'b'"),
            ("demo.add", [1], [.init("a", 2)], "demo.add was given 'a' twice"),
            ("demo.nothing", [], [.init("a", 2)], "demo.nothing has no argument 'a'"),
            ("demo.nothing", [1, 2], [], "demo.nothing takes at most 1 arguments, not 2"),
            ("demo.nothing", [], [], "demo.nothing needs argument 1"),
            ("demo.quick", [.dict([.init("name", 1)]), 1], [], "demo.quick, argument 1: name: wanted String, not 1"),
        ] as [(String, [Value], [Value.Pair], String)])
    func `arguments that do not fit fail the call and say which`(
        _ function: String, _ arguments: [Value], _ keywords: [Value.Pair], _ message: String
    ) async throws {
        let error = await #expect(throws: MitoscopeError.self) {
            try await web.call(function, arguments, keywords: keywords)
        }
        #expect(error?.callError?.type == "mitoscope.ArgumentError")
        #expect(error?.callError?.message == message)
    }

    @Test func `an argument that cannot travel fails before anything is sent`() async throws {
        let wait = RemoteFunction("demo.wait") { (_: MitoCore.Duration) in }
        let error = await #expect(throws: MitoscopeError.self) { try await web.call(wait, .seconds(-1)) }
        #expect(error?.code == .argument)
        #expect(error?.message == "argument 1 of demo.wait: a duration is not less than nothing")
    }

    @Test func `a result of another type is an error that says so`() async throws {
        let wrong = RemoteFunction("demo.where") { 42 }
        let error = await #expect(throws: MitoscopeError.self) { try await web.call(wrong) }
        #expect(error?.code == .stream)
        #expect(error?.message == "the result of demo.where: wanted Int, not 'child1'")
    }

    @Test func `functions of one context run one after another`() async throws {
        let atWork = Mutex(0)
        let most = Mutex(0)
        let busy = RemoteFunction("demo.busy") { (turns: Int) in
            let count = atWork.withLock {
                $0 += 1; return $0
            }
            most.withLock { $0 = max($0, count) }
            for _ in 0..<turns { await Task.yield() }
            atWork.withLock { $0 -= 1 }
        }
        let web = Town(children: 1, functions: [busy]).context(1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await web.call(busy, 20) } }
            try await group.waitForAll()
        }
        #expect(most.withLock { $0 } == 1)
    }
}

extension FunctionBody {
    fileprivate var place: String {
        switch self {
        case .steps: "steps"
        case .inline: "inline"
        case .blocking: "blocking"
        case .async: "async"
        }
    }
}
