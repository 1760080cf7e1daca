import TestSupport
import Glibc
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope
import Testing

/// The context program by itself, with a parent that only we play.
@Suite(.timeLimit(.minutes(1))) struct ContextProgramTests {
    @Test func `a parent that hangs up before it has said anything ends the context`() async throws {
        let context = try Spawned.context(preambleLength: 100)
        shutdown(context.stream.number, Int32(SHUT_WR))
        #expect(try context.output() == "MITO000\n")
        #expect(await context.exit() == .status(0))
    }

    @Test func `a parent that hangs up within the preamble ends the context`() async throws {
        let context = try Spawned.context(preambleLength: 100)
        _ = try context.stream.write([UInt8](repeating: 65, count: 50))
        shutdown(context.stream.number, Int32(SHUT_WR))
        #expect(try context.output() == "MITO000\n")
        #expect(await context.exit() == .status(0))
    }

    @Test(arguments: [[UInt8](repeating: 65, count: 100), [0x78] + [UInt8](repeating: 65, count: 99)])
    func `a preamble that is none ends the context with an error`(preamble: [UInt8]) async throws {
        let context = try Spawned.context(preambleLength: 100)
        _ = try context.stream.write(preamble)
        #expect(try context.output() == "MITO000\n")
        #expect(await context.exit() == .status(65))
    }

    @Test func `started by hand it says what it is`() async throws {
        let help = try Spawned(Live.agentPath, ["mito-agent", "--help"])
        #expect(try help.output().hasPrefix("mito-agent is a context of a Mitoscope tree"))
        #expect(await help.exit() == .status(0))
        #expect(try Spawned(Live.agentPath, ["mito-agent", "--version"]).output() == "mito-agent 0.1.0\n")
        let mistake = try Spawned(Live.agentPath, ["mito-agent"])
        #expect(await mistake.exit() == .status(64))
    }

    @Test func `a context works between two pipes`() async throws {
        let name = uniqueName()
        let bytes = Value.bytes([UInt8](repeating: 7, count: 1_000_000))
        try await Live.tree { live in
            let piped = "cat | \(Live.agentPath) \"$@\" | cat"
            let web = try await live.connect(name, by: ["sh", "-c", .text(piped), "sh"])
            #expect(try await live.echo(bytes, in: web) == bytes)
        }
        #expect(await Processes.eventually { Processes.mentioning(name) == [] })
    }

    @Test func `what is printed before a context is up is no part of the stream`() async throws {
        try await Live.tree { live in
            let noisy = "echo Welcome; echo 'last login: never'; exec \(Live.agentPath) \"$@\""
            let web = try await live.connect("noisy", by: ["sh", "-c", .text(noisy), "sh"])
            #expect(try await live.echo(1, in: web) == 1)
        }
    }

    @Test func `a context's own descriptors are its stream, its stdio and its loop, and no more`() async throws {
        try await Live.tree { live in
            let name = uniqueName()
            _ = try await live.router.local(name: name)
            let pid = try #require(Processes.context(name)).pid
            let kinds = Processes.descriptors(of: pid).map { $0.split(separator: " ")[1].prefix { $0 != ":" } }
            #expect(kinds.filter { $0 == "/dev/null" }.count == 1)
            #expect(kinds.filter { $0 == "socket" }.count == 6)
            // The poller, the bells of the loop, the flight recorder and the main thread, and the main queue.
            #expect(kinds.filter { $0 == "anon_inode" }.count == 5)
            #expect(kinds.count == 13)
        }
    }
}

extension Spawned {
    /// The context program, which waits for so many bytes of preamble.
    fileprivate static func context(preambleLength: Int) throws -> Spawned {
        try Spawned(Live.agentPath, ["mito-agent", "-c", "decoder", "blob", "somebody", "\(preambleLength)"])
    }
}
