import TestSupport
import Glibc
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope
import Testing

/// How a program ends, and that nothing is left of its tree, however it does.
@Suite(.timeLimit(.minutes(1))) struct ProgramEntryTests {
    @Test(
        arguments: [
            ("return", .status(0)), ("throw", .status(1)), ("exit", .status(7)), ("trap", .signal(SIGILL)),
        ] as [(String, ChildProcess.Exit)])
    func `no child stays when a program ends`(ending: String, exit: ChildProcess.Exit) async throws {
        let program = try Program(ending)
        #expect(await program.process.exit() == exit)
        #expect(await program.hasNothingLeft())
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `one interrupt ends everything in order`(signal: Int32) async throws {
        let program = try Program("wait")
        program.process.process.send(signal)
        #expect(await program.process.exit() == .status(128 + signal))
        #expect(try program.process.output() == "told\n")
        #expect(await program.hasNothingLeft())
    }

    @Test(arguments: ["deaf", "stuck"])
    func `an interrupt ends a program that does not listen too`(ending: String) async throws {
        let program = try Program(ending)
        program.process.process.send(SIGINT)
        #expect(await program.process.exit() == .status(130))
        #expect(await program.hasNothingLeft())
    }

    @Test func `the second interrupt ends a program at once`() async throws {
        let program = try Program("wait")
        // A frozen child holds the orderly end up.
        #expect(ProcessSignal.freeze(try #require(Processes.context(program.tag + "-relay")).pid))
        program.process.process.send(SIGINT)
        Machine.sleep(nanoseconds: 20_000_000)
        program.process.process.send(SIGINT)
        #expect(await program.process.exit() == .status(130))
        #expect(await program.hasNothingLeft())
    }

    @Test func `a program that has begun is its own image, also for other routers`() async throws {
        let program = try Program("nested")
        #expect(try program.process.output() == "1\n")
        #expect(await program.process.exit() == .status(0))
    }

    @Test func `a program that has not begun that way has no image`() async throws {
        let error = await #expect(throws: MitoscopeError.self) {
            try await withRouter { router in _ = try await router.local(name: "web") }
        }
        #expect(error?.code == .bootstrap)
        #expect(error?.message.hasPrefix("no program was named that becomes a context: this one can be") == true)
    }
}

/// A run of `little-program`, up.
struct Program {
    let tag = uniqueName("little")
    let process: Spawned

    init(_ ending: String) throws {
        process = try Spawned(Live.littleProgram, [Live.littleProgram, tag, ending])
        var word = [UInt8](repeating: 0, count: 3)
        guard case .bytes(3) = try process.stream.read(into: &word), word == Array("up\n".utf8) else {
            throw DidNotComeUp()
        }
    }

    func hasNothingLeft() async -> Bool { await Processes.eventually { Processes.mentioning(tag) == [] } }

    private struct DidNotComeUp: Error {}
}
