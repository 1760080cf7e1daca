import TestSupport
import Foundation
import MitoCore
import Mitoscope
import Testing

/// What contexts can do to their host.
struct HostFunctionTests {
    private func inContext(_ body: (Context) async throws -> Void) async throws {
        try await Live.tree { live in try await body(try await live.router.local(name: uniqueName("host"))) }
    }

    @Test func `a program is run without a shell, and its output and status come back`() async throws {
        try await inContext { context in
            let result = try await context.call("run", ["printf", "%s|", "a b", "$HOME"])
            #expect(result == .dict([Value.Pair("status", 0), Value.Pair("output", "a b|$HOME|")]))
        }
    }

    @Test func `a shell's line is run, with an empty stdin`() async throws {
        try await inContext { context in
            let result = try await context.call("shell", ["cat; echo $((6 * 7)); exit 3"])
            #expect(result == .dict([Value.Pair("status", 3), Value.Pair("output", "42\n")]))
            let killed = try await context.call("shell", ["kill -9 $$"])
            #expect(killed[key: "status"] == -9)
        }
    }

    @Test func `output that is no text comes as bytes`() async throws {
        try await inContext { context in
            let result = try await context.call("shell", ["printf '\\377'"])
            #expect(result[key: "output"] == .bytes([255]))
        }
    }

    @Test func `a program that is not there is the system's error`() async throws {
        try await inContext { context in
            let error = await failure { try await context.call("run", ["/no/such/program"]) }
            #expect(error?.callError?.type == "mitoscope.SystemError")
            #expect(error?.callError?.message.contains("No such file or directory") == true)
        }
    }

    @Test func `files are written, read and described, from a folder of one's choice`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: uniqueName("host-files")).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await inContext { context in
            #expect(try await context.call("chdir", [.text(Text(folder))]) == .text(Text(folder)))
            #expect(try await context.call("write", ["note", "one line\n"]) == 9)
            #expect(try await context.call("read", ["note"]) == "one line\n")
            #expect(try await context.call("write", ["note", .bytes([0, 255])]) == 2)
            #expect(try await context.call("read", ["note"]) == .bytes([0, 255]))
            let status = try await context.call("stat", ["note"])
            #expect(status[key: "kind"] == "file")
            #expect(status[key: "size"] == 2)
            #expect(try await context.call("stat", ["."])[key: "kind"] == "folder")
            let error = await failure { try await context.call("read", ["nothing"]) }
            #expect(error?.callError?.message == "open: [Errno 2] No such file or directory")
        }
        #expect(FileManager.default.contents(atPath: folder + "/note") == Data([0, 255]))
    }

    @Test func `the environment is read, and the clock`() async throws {
        try await inContext { context in
            let path = try await context.call("environment", ["PATH"])
            #expect(path.string == ProcessInfo.processInfo.environment["PATH"])
            #expect(try await context.call("environment")[key: "PATH"] == path)
            #expect(try await context.call("environment", ["NO_SUCH_VARIABLE"]) == .none)
            guard case .float(let seconds) = try await context.call("time") else {
                Issue.record("time is a number of seconds")
                return
            }
            #expect(seconds > 1_700_000_000)
        }
    }

    @Test(
        arguments: [
            ("run", [], "run takes a program and its arguments, all of them text"),
            ("run", ["echo", 1], "run takes a program and its arguments, all of them text"),
            ("shell", ["echo", "more"], "shell takes at most 1 arguments, not 2"),
            ("write", ["/tmp", 1], "write takes text or bytes, not 1"),
            ("read", ["a\0b"], "a path has no zero byte in it"), ("stat", [], "stat needs 'path'"),
        ] as [(String, [Value], String)])
    func `arguments that do not fit are named`(_ function: String, _ arguments: [Value], _ message: String) async throws
    {
        try await inContext { context in
            let error = await failure { try await context.call(function, arguments) }
            #expect(error?.callError?.message == message)
            #expect(error?.callError?.type == "mitoscope.ArgumentError")
        }
    }
}
