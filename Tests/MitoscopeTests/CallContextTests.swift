import MitoCore
import Testing

@testable import Mitoscope

@Suite struct CallContextTests {
    @Test func `a function knows where it runs and for whom`() async throws {
        let whoami = RemoteFunction("demo.whoami") { (context: CallContext) in
            ["\(context.id)", context.name, "\(context.ancestors)", "\(context.isMaster)", context.function]
                + [context.parentID, context.source, context.authority].map { $0.map { "\($0)" } ?? "nobody" }
        }
        let town = Town(children: 1, functions: [whoami])
        #expect(
            try await town.context(1).call(whoami)
                == ["1", "child1", "[\(ContextID.master)]", "false", "demo.whoami", "0", "0", "0"])
    }

    @Test func `what a function logs is there before its answer`() async throws {
        let talk = RemoteFunction("demo.talk") { (context: CallContext) in context.log(.warning, "the disk is full") }
        let town = Town(children: 1, functions: [talk])
        try await town.context(1).call(talk)
        #expect(town.logs.contains(LogRecord(logger: "demo.talk", level: 30, message: "the disk is full")))
    }

    @Test func `a function may end its context, and nobody waits for it`() async throws {
        let leave = RemoteFunction("demo.leave") { (context: CallContext) in context.shutdown() }
        let web = Town(children: 1, functions: [leave]).context(1)
        let error = await #expect(throws: MitoscopeError.self) { try await web.call(leave) }
        #expect(error?.code == .channel)
        let late = await #expect(throws: MitoscopeError.self) { try await web.call("echo") }
        #expect(late?.code == .channel)
    }

    @Test func `a blocking function learns that its context ends`() async throws {
        let began = Answer<Bool>()
        let noticed = Answer<Bool>()
        let spin = RemoteFunction("demo.spin") { (context: CallContext) in
            began.give(true)
            while !context.isCancelled { Parkers.current.park(timeout: .milliseconds(1)) }
            noticed.give(#expect(throws: CancellationError.self) { try context.checkCancellation() } != nil)
        }
        let town = Town(children: 1, functions: [spin])
        let web = town.context(1)
        let call = Task { try await web.call(spin) }
        #expect(try await onThread { () throws(MitoscopeError) in began.wait() })
        try await web.shutdown()
        #expect(try await onThread { () throws(MitoscopeError) in noticed.wait() })
        await #expect(throws: MitoscopeError.self) { try await call.value }
    }

    @Test func `the task of a function is cancelled when its context ends`() async throws {
        let began = Answer<Bool>()
        let noticed = Answer<Bool>()
        let sleep = RemoteFunction("demo.sleep") { (_: CallContext) async throws in
            began.give(true)
            do { try await Task.sleep(for: .seconds(3600)) } catch { noticed.give(error is CancellationError) }
        }
        let town = Town(children: 1, functions: [sleep])
        let web = town.context(1)
        let call = Task { try await web.call(sleep) }
        #expect(try await onThread { () throws(MitoscopeError) in began.wait() })
        try await web.shutdown()
        #expect(try await onThread { () throws(MitoscopeError) in noticed.wait() })
        await #expect(throws: MitoscopeError.self) { try await call.value }
    }

    @Test func `what is said after a function was told to stop is said at once`() {
        let cancellation = Cancellation()
        let answer = Answer<Int>()
        cancellation.whenCancelled { answer.give(1) }
        #expect(answer.value == nil && !cancellation.isCancelled)
        cancellation.cancel()
        cancellation.cancel()
        #expect(answer.value == 1 && cancellation.isCancelled)
        let late = Answer<Int>()
        cancellation.whenCancelled { late.give(2) }
        #expect(late.value == 2)
    }
}
