import TestSupport
import Glibc
import MitoCore
import MitoLinux
import Mitoscope
import Testing

@Suite(.timeLimit(.minutes(1))) struct DetachTests {
    @Test func `a context that detached lives on with its tree when its parent has ended`() async throws {
        let name = uniqueName("detached")
        let path = "/tmp/\(name)"
        defer { unlink(path) }
        try await Live(image: Live.littleProgram, functions: []).tell { live in
            let web = try await live.router.local(name: name)
            let error = await failure { try await web.call("little.detach", [.text(Text(path))]) }
            // Whoever waits above is told, as if the context had ended.
            #expect(error?.code == .channel)
            #expect(error?.message == "the respondent Context has disconnected")
        }
        defer { for process in Processes.mentioning(name) { _ = ProcessSignal.kill(process.pid) } }
        // It is nobody's child any more, has a session of its own, and its own child answers it.
        #expect(await Processes.eventually { Processes.read(path)?.hasSuffix("\n") == true })
        #expect(Processes.read(path) == "the helper says hello\n")
        let process = try #require(Processes.context(name))
        #expect(getsid(process.pid) == process.pid)
        #expect(Processes.context("helper-\(name)")?.parent == process.pid)
        // Its own end takes its tree along.
        unlink(path)
        #expect(await Processes.eventually { Processes.mentioning(name) == [] })
        // It was our child, and the router that started it is long gone: it is collected all the same.
        #expect(await Processes.eventually { Processes.found(process.pid) == nil })
    }

    @Test func `a context that detached dies with no signal from above, not even a brutal one`() async throws {
        let program = try Program("detach")
        let path = "/tmp/\(program.tag)-detached"
        defer {
            unlink(path)
            for process in Processes.mentioning(program.tag) { _ = ProcessSignal.kill(process.pid) }
        }
        #expect(await Processes.eventually { Processes.read(path)?.hasSuffix("\n") == true })
        program.process.process.send(SIGKILL)
        #expect(await program.process.exit() == .signal(SIGKILL))
        #expect(await Processes.eventually { Processes.context(program.tag + "-relay") == nil })
        #expect(Processes.context("\(program.tag)-detached") != nil)
        unlink(path)
        #expect(await program.hasNothingLeft())
    }

    @Test func `nobody detaches twice`() async throws {
        try await Live(image: Live.littleProgram, functions: []).tell { live in
            let name = uniqueName("twice")
            let path = "/tmp/\(name)"
            let web = try await live.router.local(name: name)
            _ = await failure { try await web.call("little.detach", [.text(Text(path)), true]) }
            #expect(
                await Processes.eventually {
                    Processes.read(path) == "ChannelError: this context has no parent to leave\n"
                })
            unlink(path)
            #expect(await Processes.eventually { Processes.context(name) == nil })
        }
    }
}
