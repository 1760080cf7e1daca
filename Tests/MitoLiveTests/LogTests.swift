import TestSupport
import Glibc
import MitoCore
import MitoLinux
import Testing

@testable import MitoLive

/// Logs of whole trees: what reaches the root's, and what stays in files of each context.
@Suite(.timeLimit(.minutes(1))) struct LogTests {
    @Test func `what is printed comes to the root's log line by line, the last one too`() async throws {
        let run = try await LogTree("write")
        #expect(run.said == ["one", "two", "three"].map { "I mitoscope.ctx.web: stdout: \($0)" })
    }

    @Test func `a flood of prints is whole and in order`() async throws {
        let run = try await LogTree("shout")
        #expect(run.said.count == 5000)
        #expect(run.said.allSatisfy { $0.hasSuffix(": stdout: " + String(repeating: "x", count: 999)) })
    }

    @Test func `whoever prints more than the root reads waits, and fills no memory`() async throws {
        let folder = try TemporaryFolder()
        let program = try Spawned(Built.path("log-tree"), ["log-tree", "flood", folder.path + "/log"])
        let root = program.process.pid
        let hasBegun = await Processes.eventually { (Processes.read(folder.path + "/log") ?? "").contains("xxx") }
        #expect(hasBegun)
        program.process.send(SIGSTOP)
        let child = try #require(Processes.children(of: root).first)
        #expect(await Processes.comesToRest(child.pid))
        #expect(try #require(Processes.residentKilobytes(child.pid)) < 100_000)
    }

    @Test func `what code says to swift-log comes to the root's log with its metadata`() async throws {
        let run = try await LogTree("remark")
        #expect(run.said == ["W mitoscope.ctx.web: demo: hot degrees=99"])
    }

    @Test func `children log at the level that the root's environment names`() async throws {
        let run = try await LogTree("remark", level: "debug")
        #expect(run.log.contains { $0.hasSuffix("D mitoscope.ctx.web: demo: this is not wanted") })
        let quiet = try await LogTree("remark", level: "error")
        #expect(quiet.log == [])
    }

    @Test func `at level io each read and write of a link is logged where it happens`() async throws {
        let run = try await LogTree("debug", level: "io")
        #expect(run.log.contains { $0.contains(" D mitoscope.io: link ") && $0.hasSuffix(" bytes in") })
        #expect(run.files.count == 3)
        #expect(run.files.allSatisfy { $0.text.contains(" io: link ") })
    }

    @Test func `the verbose log of every context is a file that only its owner reads`() async throws {
        let run = try await LogTree("debug")
        #expect(run.files.map { $0.name.split(separator: ".")[2] } == ["master", "web", "db"])
        #expect(run.files.allSatisfy { $0.mode == 0o600 })
        #expect(run.files[2].text.contains(" invocationStarted "))
    }

    @Test func `a context that is measured leaves a file for Perfetto when it ends in good order`() async throws {
        let run = try await LogTree("profile")
        #expect(run.files.count == 3 && run.files.allSatisfy { $0.name.hasSuffix(".trace.json") && $0.mode == 0o600 })
        #expect(run.files[1].text.contains(#""name":"reading","pid":1,"#))
    }

    @Test func `one context may write a verbose log and measure, with all that it starts itself`() async throws {
        let run = try await LogTree("debug-alone")
        let names = run.files.map { $0.name.split(separator: ".")[1...2] }
        #expect(Set(names.map(\.first)).count == 2 && names.count == 4)
        #expect(names.contains { $0.last == "web" } && names.contains { $0.last == "inner" })
        #expect(run.files.count { $0.name.hasSuffix(".trace.json") } == 2)
    }

    @Test func `a file that is there already is never written to`() throws {
        let folder = try TemporaryFolder()
        symlink("/etc/passwd", "\(folder.path)/mitoscope.3.web.\(getpid()).log")
        let identity = Identity(id: ContextID(3), ancestors: [.master], name: "web")
        #expect(throws: SystemError.self) { _ = try DebugFile(of: identity, in: folder.path) }
    }

    @Test func `each level is known by its word`() {
        #expect(LogSettings.Level.allCases.map { LogSettings.Level(rawValue: "\($0)") } == LogSettings.Level.allCases)
    }
}

/// One run of the tree that prints and logs, to its end.
private struct LogTree {
    struct File: Hashable {
        var name: String
        var mode: UInt32
        var text: String
    }

    /// The lines of the root's log.
    let log: [String]
    /// The same without their times, and without what a broker says of a long turn, which a busy machine gives it.
    var said: [String] {
        log.filter { !$0.contains("mitoscope.broker: a turn of the loop took ") }.map { String($0.dropFirst(9)) }
    }
    /// What contexts left in the folder for such files, by their ids.
    let files: [File]

    init(_ story: String, level: String? = nil) async throws {
        let folder = try TemporaryFolder()
        let left = folder.path + "/left"
        mkdir(left, 0o700)
        var environment = Machine.environment.filter { !$0.hasPrefix("MITOSCOPE_") }
        environment.append("MITOSCOPE_DEBUG_DIRECTORY=\(left)")
        if let level { environment.append("MITOSCOPE_LOG_LEVEL=\(level)") }
        let program = try Spawned(
            Built.path("log-tree"), ["log-tree", story, folder.path + "/log"], environment: environment)
        #expect(try program.output() == "")
        #expect(await program.exit()?.description == "exit 0")
        log = (Processes.read(folder.path + "/log") ?? "").split(separator: "\n").map(String.init)
        files = Processes.names(in: left).map { name in
            var status = stat()
            stat("\(left)/\(name)", &status)
            return File(name: name, mode: status.st_mode & 0o777, text: Processes.read("\(left)/\(name)") ?? "")
        }.sorted { $0.name.split(separator: ".")[1] < $1.name.split(separator: ".")[1] }
    }
}
