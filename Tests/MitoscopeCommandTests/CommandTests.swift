import ArgumentParser
import Foundation
import MitoscopeCommand
import Testing

/// The command line as its users meet it: a process, its output and its status.
@Suite(.timeLimit(.minutes(2)))
struct CommandTests {
    private let lesson = "Scenarios/Lessons/01-first-call.yaml"
    private let planted = "Scenarios/Hangs/planted/del-route-swallowed.yaml"

    @Test func `a lesson is told, then judged`() throws {
        let result = try mitoscope(["run", lesson])
        #expect(result.status == 0)
        #expect(result.output.contains("master calls web.add (sum)"))
        #expect(result.output.contains("passed  \(lesson)"))
        #expect(!result.output.contains("\u{1B}"))
        #expect(result.complaints.isEmpty)
    }

    @Test func `a folder gives one line for each story`() throws {
        let result = try mitoscope(["run", "Scenarios"])
        #expect(result.status == 0)
        #expect(result.lines.count >= 10)
        #expect(result.lines.dropLast().allSatisfy { $0.hasPrefix("passed  Scenarios/") })
        #expect(result.lines.last == "\(result.lines.count - 1) runs: \(result.lines.count - 1) passed")
    }

    @Test func `a lesson is told with real processes too, and leaves nothing behind`() throws {
        let result = try mitoscope(["run", lesson, "--world", "live"])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("live"))
    }

    @Test func `a call that another context made is told with its way, in both worlds`() throws {
        for world in ["sim", "live"] {
            let result = try mitoscope(["run", "Scenarios/Lessons/06-killed-target.yaml", "--world", world])
            #expect(result.lines.contains { $0.hasSuffix("  web → bastion → rack → db") }, "\(result.output)")
        }
    }

    @Test func `a failure begins with the command that replays it`() throws {
        let copy = try Copy(of: lesson) { $0.replacing("returns: 5", with: "returns: 6") }
        let result = try mitoscope(["run", copy.path, "--seed", "3"])
        #expect(result.status == 1)
        #expect(result.lines.first == "mitoscope run \(copy.path) --world sim --seed 3")
        #expect(result.output.contains("but sum returned 5"))
        #expect(try mitoscope(Array(result.lines[0].split(separator: " ").map(String.init).dropFirst())).status == 1)
    }

    @Test func `one option makes every link slow, and is part of the command that replays`() throws {
        let result = try mitoscope(["run", lesson, "--link", "all:delay=250ms"])
        #expect(result.status == 1)
        #expect(result.lines.first == "mitoscope run \(lesson) --world sim --seed 1 --link all:delay=250ms")
        #expect(result.output.contains("but sum took 500ms"), "\(result.output)")
        #expect(try mitoscope(Array(result.lines[0].split(separator: " ").map(String.init).dropFirst())).status == 1)
        #expect(try mitoscope(["run", lesson, "--link", "web:delay=5ms"]).status == 0)
    }

    @Test func `real links are made slow too`() throws {
        let result = try mitoscope(["run", lesson, "--world", "live", "--link", "all:delay=50ms"])
        let duration = try #require(result.output.firstMatch(of: #/messages, (\d+) ms/#))
        // A call, its answer and a farewell.
        #expect(try #require(Int(duration.1)) >= 150, "\(result.output)")
    }

    @Test(arguments: [
        ("all", "--link 'all':1: no link is named: for example `all:delay=250ms`"),
        ("all:delay", "--link 'all:delay':5: 'delay' has no value: for example `delay=250ms`"),
        ("all:up.dealy=1ms", "--link 'all:up.dealy=1ms':5: unknown key in a link 'dealy': did you mean 'delay'?"),
        ("wbe:delay=1ms", "--link 'wbe:delay=1ms':1: unknown link 'wbe': did you mean 'web'?"),
        (
            "web:retransmit=1s",
            "--link 'web:retransmit=1s':5: nothing is lost, so nothing is sent again: `loss` or `burst` says what is"
        ),
    ])
    func `a mistake in what is said of links is status 64, with its place`(link: String, complaint: String) throws {
        let result = try mitoscope(["run", lesson, "--link", link])
        #expect(result.status == 64)
        #expect(result.complaints == complaint + "\n")
    }

    @Test func `all mistakes in what is said of links are told at once, each with its option`() throws {
        let result = try mitoscope(["run", lesson, "--link", "all:delay=abc,loss=2/1", "--link", "wbe:loss=1/2"])
        #expect(result.status == 64)
        #expect(
            result.complaints == """
                --link 'all:delay=abc,loss=2/1':5: delay is a duration such as 250ms, not 'abc'
                --link 'all:delay=abc,loss=2/1':15: loss is more than 1: for example 1/20
                --link 'wbe:loss=1/2':1: unknown link 'wbe': did you mean 'web'?

                """)
    }

    @Test func `a link that only some stories of a folder have is changed in those`() throws {
        let result = try mitoscope(["run", "Scenarios/Lessons", "--link", "rack:delay=1us", "--hash"])
        let usual = try mitoscope(["run", "Scenarios/Lessons", "--hash"])
        #expect(result.complaints.isEmpty)
        #expect(result.lines.count == usual.lines.count)
        #expect(result.lines.first == usual.lines.first && result.lines != usual.lines)
        let unknown = try mitoscope(["run", "Scenarios/Lessons", "--link", "rakc:delay=1us"])
        #expect(unknown.status == 64 && unknown.output.isEmpty)
        #expect(unknown.complaints == "--link 'rakc:delay=1us':1: unknown link 'rakc': did you mean 'rack'?\n")
    }

    @Test func `transcripts are not written anew from other links than the story's own`() throws {
        let copy = try Copy(of: lesson) { $0 }
        let result = try mitoscope(["run", copy.path, "--update", "--link", "all:delay=2ms"])
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.complaints.contains("--update takes the simulator, the scenario's own seed and its own links"))
        let transcript = copy.path.replacing(".yaml", with: ".transcript")
        #expect(!FileManager.default.fileExists(atPath: transcript))
    }

    @Test func `a hang that was not expected is status 3, and explained`() throws {
        let copy = try Copy(of: planted) { $0.replacing(#/\s+- outcome:.*/#, with: "") }
        let result = try mitoscope(["run", copy.path])
        #expect(result.status == 3)
        #expect(result.output.contains("bastion was told, but did not tell master"))
    }

    @Test func `a bad file is status 65, with its place`() throws {
        let copy = try Copy(of: lesson) { $0.replacing("timeout", with: "tiemout") }
        let result = try mitoscope(["lint", copy.path])
        #expect(result.status == 65)
        let place = "\(copy.path):\(try copy.line(of: "tiemout")):"
        #expect(result.lines.first?.hasPrefix(place) == true, "\(result.output)")
        #expect(try mitoscope(["run", copy.path]).status == 65)
        #expect(try mitoscope(["lint", lesson]).output == "")
    }

    @Test func `wrong usage is status 64`() throws {
        #expect(try mitoscope(["run", "no-such-file.yaml"]).status == 64)
        #expect(try mitoscope(["run", lesson, "--world", "moon"]).status == 64)
        #expect(try mitoscope(["run", "Scenarios", "--trace", "/dev/null"]).status == 64)
        let simulated = "Scenarios/Hangs/planted/del-route-swallowed-with-time-out.yaml"
        #expect(try mitoscope(["run", simulated, "--world", "live"]).status == 64)
        #expect(try mitoscope(["run", lesson, "--json", "--hash"]).status == 64)
    }

    @Test func `a trace that cannot be written is status 64, and nothing is run`() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let result = try mitoscope(["run", lesson, "--trace", folder])
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.complaints == "\(folder): cannot be written: Is a directory\n")
        #expect(try mitoscope(["run", lesson, "--trace", "/dev/full"]).status == 64)
    }

    @Test func `a world that cannot be had is status 69`() throws {
        let result = try mitoscope(["run", lesson, "--world", "live"], ["MITOSCOPE_AGENT": "/nonexistent"])
        #expect(result.status == 69)
        #expect(result.lines.first == "mitoscope run \(lesson) --world live")
        #expect(!result.output.contains("expected:"))
    }

    @Test func `one seed gives one hash in every process, another seed another`() throws {
        let hashes = try (0..<3).map { _ in try mitoscope(["run", lesson, "--hash", "--seed", "7"]).output }
        #expect(Set(hashes).count == 1)
        #expect(hashes[0].contains(#/^[0-9a-f]{16}\s/#))
        #expect(try mitoscope(["run", lesson, "--hash", "--seed", "8"]).output != hashes[0])
    }

    @Test func `a report for programs is one object for each run`() throws {
        let result = try mitoscope(["run", "Scenarios/Hangs", "--json"])
        for line in result.lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["outcome"] as? String == "passed")
        }
        let files = FileManager.default.enumerator(atPath: root.appending(path: "Scenarios/Hangs").path)
        #expect(result.lines.count == files?.count { "\($0)".hasSuffix(".yaml") })
    }

    @Test func `a trace alone explains a hang`() throws {
        let trace = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).trace").path
        defer { try? FileManager.default.removeItem(atPath: trace) }
        #expect(try mitoscope(["run", planted, "--trace", trace]).status == 0)
        let result = try mitoscope(["explain", trace])
        #expect(result.status == 3)
        #expect(result.lines.first == "deadlock: web waits for db.report, and nothing can end it.")
        #expect(try mitoscope(["explain", trace, "--json"]).output.contains("notice-not-passed-on"))
        let picture = try mitoscope(["explain", trace, "--to", "mermaid"])
        #expect(picture.status == 3 && picture.lines.first == "flowchart TB")
        #expect(picture.output.contains(#"c1 --x|"not told: db is gone"| c0"#))
    }

    @Test func `a trace of processes that may go on is no hang yet`() throws {
        let trace = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).trace")
        defer { try? FileManager.default.removeItem(at: trace) }
        #expect(try mitoscope(["run", "Scenarios/Lessons/01-first-call.yaml", "--trace", trace.path]).status == 0)
        let lines = try String(contentsOf: trace, encoding: .utf8).split(separator: "\n")
        let started = try #require(lines.firstIndex { $0.contains("invocation-started") })
        let part = lines[...started].map { $0 + "\n" }.joined()
        // What a program writes of itself has no title, and no end.
        let cut = part.replacing(#""world":"sim""#, with: #""world":"live""#).replacing(#/,"title":"[^"]*"/#, with: "")
        try cut.write(to: trace, atomically: true, encoding: .utf8)
        let result = try mitoscope(["explain", trace.path])
        #expect(result.status == 0)
        #expect(result.lines.first?.hasPrefix("running: what somebody waits for may still come") == true)
    }

    @Test(arguments: [2, 20, 50, 99])
    func `a trace that was cut off is of a hang no more than of a run at rest`(percent: Int) throws {
        let folder = try Folder()
        let (whole, cut) = (folder.path("whole.trace"), folder.path("cut.trace"))
        let story = "mitoscope: 1\ntitle: t\ncontexts: { web: {} }\nstory: [ { call: web.hang } ]\n"
        let copy = try Copy(of: lesson) { _ in story }
        #expect(try mitoscope(["run", copy.path, "--trace", whole]).status == 3)
        #expect(try mitoscope(["explain", whole]).status == 3)
        let bytes = try #require(FileManager.default.contents(atPath: whole))
        let first = try #require(bytes.firstIndex(of: 0x0A))
        let part = bytes.prefix(max(first + 5, bytes.count * percent / 100))
        try part.write(to: URL(filePath: cut))
        let line = part.count { $0 == 0x0A } + 1
        let note = "\(cut): it ends inside a record (line \(line)); what followed is missing\n"
        let result = try mitoscope(["explain", cut])
        #expect(result.status == 2 && result.complaints == note)
        #expect(result.output.hasPrefix("running: the trace ends before the run does"), "\(result.output)")
        #expect(try mitoscope(["explain", cut, "--json"]).output.hasPrefix(#"{"verdict":"running","#))
        for words in [["diff", cut, cut], ["trace", cut, "--to", "svg"], ["import", cut]] {
            #expect(try mitoscope(words).complaints.hasPrefix(note), "\(words)")
        }
        let merged = try mitoscope(["merge", cut, "-o", folder.path("merged.trace")])
        #expect(merged.complaints.hasPrefix(note))
        let again = try mitoscope(["explain", folder.path("merged.trace")])
        #expect(again.status == 2)
        #expect(again.complaints == "\(folder.path("merged.trace")): it ends before the run does\n")
    }

    @Test func `a merge of a whole trace is whole`() throws {
        let folder = try Folder()
        #expect(try mitoscope(["run", planted, "--trace", folder.path("a.trace")]).status == 0)
        #expect(try mitoscope(["merge", folder.path("a.trace"), "-o", folder.path("b.trace")]).status == 0)
        let result = try mitoscope(["explain", folder.path("b.trace")])
        #expect(result.status == 3 && result.complaints.isEmpty)
    }

    @Test func `what is left behind is explained, with a status of its own`() throws {
        let trace = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).trace").path
        defer { try? FileManager.default.removeItem(atPath: trace) }
        let story = "Scenarios/Hangs/planted/handle-kept.yaml"
        #expect(try mitoscope(["run", story, "--trace", trace]).status == 0)
        let result = try mitoscope(["explain", trace])
        #expect(result.status == 1)
        #expect(result.lines.first == "leaked: nobody waits, but web has something that should be gone.")
    }

    @Test func `a planted hang or leak is said to be what its story expects`() throws {
        #expect(try mitoscope(["run", planted]).output.contains("the hang is what this scenario expects"))
        let leak = "Scenarios/Hangs/planted/handle-kept.yaml"
        #expect(try mitoscope(["run", leak]).output.contains("the leak is what this scenario expects"))
    }

    @Test func `what a run prints as a time can be asked for`() throws {
        let trace = FileManager.default.temporaryDirectory.appending(path: "mitoscope-\(UUID()).trace").path
        defer { try? FileManager.default.removeItem(atPath: trace) }
        #expect(try mitoscope(["run", planted, "--trace", trace]).status == 0)
        #expect(try mitoscope(["trace", trace, "--to", "mermaid", "--from", "35.205ms"]).status == 0)
        #expect(try mitoscope(["trace", trace, "--to", "mermaid", "--from", "1.5ns"]).status == 64)
    }

    @Test func `the same story without the planted defect has nothing to explain`() throws {
        let trace = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).trace").path
        defer { try? FileManager.default.removeItem(atPath: trace) }
        let story = "Scenarios/Hangs/del-route-passed-on.yaml"
        #expect(try mitoscope(["run", story, "--trace", trace]).status == 0)
        #expect(try mitoscope(["explain", trace]).status == 0)
        let text = try String(contentsOf: root.appending(path: planted), encoding: .utf8)
        let healthy = try Copy(of: planted) { $0.replacing(#/\ndefect:.*/#, with: "") }
        #expect(text.contains("\ndefect:"))
        let result = try mitoscope(["run", healthy.path])
        #expect(result.status == 1, "a hang was expected, and there is none")
    }

    @Test func `a hostile trace is refused`() throws {
        let copy = try Copy(of: lesson) { _ in "{\"mitoscope-trace\":1}\n{\"ctx\":99999999999}\n" }
        #expect(try mitoscope(["explain", copy.path]).status == 65)
        #expect(try mitoscope(["explain", lesson]).status == 65)
    }

    @Test func `an interrupt ends the whole tree, then the program`() throws {
        let name = "interrupted-\(UInt32.random(in: 0 ... .max))"
        let story = "contexts: { \(name): {} }\nstory: [ { call: \(name).hang, timeout: 1h } ]\n"
        let copy = try Copy(of: lesson) { _ in "mitoscope: 1\ntitle: t\n" + story }
        let process = try start(["run", copy.path, "--world", "live"])
        while !isRunning(name), process.isRunning { usleep(10_000) }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(!isRunning(name))
    }

    @Test func `an interrupt ends a sweep`() throws {
        let process = try start(["run", lesson, "--seeds", "1..1000000000"])
        while !catchesInterrupts(process.processIdentifier), process.isRunning { usleep(10_000) }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    }

    @Test func `a program that is killed leaves no context and no file`() throws {
        let name = "killed-\(UInt32.random(in: 0 ... .max))"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let story = "contexts: { \(name): {} }\nstory: [ { call: \(name).hang, timeout: 1h } ]\n"
        let copy = try Copy(of: lesson) { _ in "mitoscope: 1\ntitle: t\n" + story }
        let process = try start(["run", copy.path, "--world", "live"], ["TMPDIR": folder.path])
        while !isRunning(name), process.isRunning { usleep(10_000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        for _ in 0..<3_000 where isRunning(name) { usleep(10_000) }
        #expect(!isRunning(name))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func `output that a full disk does not take is an error`() throws {
        let process = Process()
        process.executableURL = root.appending(path: ".build/debug/mitoscope")
        process.currentDirectoryURL = root
        process.arguments = ["run", lesson]
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
        let complaints = Pipe()
        process.standardError = complaints
        try process.run()
        let text = try complaints.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 64)
        #expect(String(decoding: text, as: UTF8.self).contains("standard output cannot be written: No space left"))
    }

    @Test func `the README shows what a run says`() throws {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let told = try mitoscope(["run", "Scenarios/Lessons/06-killed-target.yaml"]).output.split(separator: "\n\n")
        let explained = try mitoscope(["run", planted]).output.split(separator: "\n\n")
        #expect(readme.contains(told[1]))
        #expect(readme.contains(told[2]))
        #expect(readme.contains(explained[2]))
        #expect(readme.contains(explained[3]))
    }

    @Test func `help has examples, and the version is told`() throws {
        #expect(try mitoscope(["--help"]).output.contains("mitoscope run Scenarios/Lessons/01-first-call.yaml"))
        #expect(try mitoscope(["--version"]).lines.count == 1)
    }

    @Test func `help breaks no example and no sentence where a terminal has 80 columns`() {
        let commands: [any ParsableCommand.Type] = [MitoscopeCommand.self] + MitoscopeCommand.configuration.subcommands
        for command in commands {
            for line in command.configuration.discussion.split(separator: "\n") {
                let isWhole = line.hasPrefix("  ") ? line.count <= 78 : line.hasSuffix(".") || line.hasSuffix(":")
                #expect(isWhole, "\(line)")
            }
        }
    }
}

/// Is there a process of a context with this name?
private func isRunning(_ context: String) -> Bool {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.contains { id in
        let command = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
        return command.starts(with: Data("mitogen:\(context)".utf8))
    }
}

/// Has this process a handler for SIGINT?
private func catchesInterrupts(_ process: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let mask = status?.firstMatch(of: /SigCgt:\s+([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) } ?? 0
    return mask & 1 << (SIGINT - 1) != 0
}

/// Starts the program and does not wait for it.
private func start(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = root.appending(path: ".build/debug/mitoscope")
    process.currentDirectoryURL = root
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    return process
}
