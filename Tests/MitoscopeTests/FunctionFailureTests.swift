import MitoCore
import Testing

@testable import Mitoscope

@Suite struct FunctionFailureTests {
    struct DiskFull: Error, CustomStringConvertible {
        var description: String { "no room on sda" }
    }

    static let store = RemoteFunction("demo.store") { () throws -> Int in throw DiskFull() }
    /// Calls `demo.store` in another context.
    static let passOn = RemoteFunction("demo.pass") { (context: CallContext, target: ContextID) in
        try await context.contextForTests(target).call(store)
    }
    static let passOnTwice = RemoteFunction("demo.twice") { (context: CallContext, first: ContextID, next: ContextID) in
        try await context.contextForTests(first).call(passOn, next)
    }

    private let town = Town(children: 3, functions: [store, passOn, passOnTwice])

    private func failure(_ body: () async throws -> Int) async -> MitoscopeError? {
        await #expect(throws: MitoscopeError.self) { try await body() }
    }

    @Test func `whatever a body throws reaches the caller with its type and what it says`() async {
        let error = await failure { try await town.context(1).call(Self.store) }
        #expect(error?.code == .call)
        #expect(error?.message == "MitoscopeTests.FunctionFailureTests.DiskFull: no room on sda")
        let failure = error?.callError
        #expect(failure?.function == "demo.store")
        #expect(failure?.type == "MitoscopeTests.FunctionFailureTests.DiskFull")
        #expect(failure?.message == "no room on sda")
        #expect(failure?.backtrace == "")
        #expect(failure?.path == [ContextID(1)])
    }

    @Test func `an error that comes through other contexts keeps its type and names the way`() async {
        let error = await failure { try await town.context(1).call(Self.passOnTwice, ContextID(2), ContextID(3)) }
        let failure = error?.callError
        #expect(failure?.function == "demo.twice")
        #expect(failure?.type == "MitoscopeTests.FunctionFailureTests.DiskFull")
        #expect(failure?.message == "no room on sda")
        #expect(failure?.backtrace == "  in demo.store of context 3\n  in demo.pass of context 2")
        #expect(failure?.path == [ContextID(1), ContextID(2), ContextID(3)])
    }

    @Test func `a nested call that finds nobody fails its function as a channel error`() async {
        let error = await failure { try await town.context(1).call(Self.passOn, ContextID(77)) }
        #expect(error?.callError?.type == "mitogen.core.ChannelError")
    }

    @Test func `a Python error is read with its frames`() {
        let text = """
            builtins.KeyError: 'no: such'
              File "<stdin>", line 3, in f
              File "<stdin>", line 9, in g
            """
        let error = CallError(text, function: "demo.f", in: ContextID(4))
        #expect(error.type == "builtins.KeyError")
        #expect(error.message == "'no: such'")
        #expect(error.backtrace == "  File \"<stdin>\", line 3, in f\n  File \"<stdin>\", line 9, in g")
        #expect(error.path == [ContextID(4)])
    }

    @Test(arguments: [
        "", "no type", ": ", "two words: x", "\n\n", "  in x of context y", "  in a of context 99999999999",
    ])
    func `text that is no error of a function is a message without a type`(_ text: String) {
        let error = CallError(text, function: "f", in: .master)
        #expect(error.type == "")
        #expect(error.message == text)
        #expect(error.path == [.master])
    }

    @Test func `an error's text is cut to what every reader takes`() async {
        let talk = RemoteFunction("demo.talk") { () throws -> Int in
            throw FunctionError(type: "demo.Long", message: String(repeating: "x", count: 20_000))
        }
        let web = Town(children: 1, functions: [talk]).context(1)
        let error = await failure { try await web.call(talk) }
        #expect(error?.message.count == 9_999)
    }
}

extension CallContext {
    /// Another context of the tree, by its id alone.
    func contextForTests(_ id: ContextID) -> Context { Context(.context(id, name: nil), via: nil, router: router) }
}
