import ArgumentParser
import Foundation
import Testing

@testable import MitoscopeCommand

/// What all commands have in common, and what many runs come to.
@Suite(.timeLimit(.minutes(2)))
struct MannersTests {
    private static let commands = MitoscopeCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    private let lesson = "Scenarios/Lessons/01-first-call.yaml"

    @Test(arguments: commands)
    func `every command has an example in its help, and its exit status is 0 for that`(command: String) throws {
        let result = try mitoscope([command, "--help"])
        #expect(result.status == 0 && result.lines.contains { $0.hasPrefix("  mitoscope \(command)") })
    }

    @Test func `a run of many ends in silence when its reader has gone`() throws {
        let process = Process()
        process.executableURL = root.appending(path: ".build/debug/mitoscope")
        process.currentDirectoryURL = root
        process.arguments = ["run", "Scenarios/Lessons"]
        let (output, complaints) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, complaints)
        try output.fileHandleForReading.close()
        try process.run()
        let text = try complaints.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(text.isEmpty && process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGPIPE)
    }

    @Test func `of many runs the sum is told, and those that did not pass, the gravest first`() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path("all"), withIntermediateDirectories: false)
        let story = try String(contentsOf: root.appending(path: lesson), encoding: .utf8)
        let hang = "mitoscope: 1\ntitle: t\ncontexts: { web: {} }\nstory: [ { call: web.hang } ]\n"
        for (name, text) in [("a", story), ("b", story.replacing("returns: 5", with: "returns: 6")), ("c", hang)] {
            try text.write(toFile: folder.path("all") + "/\(name).yaml", atomically: true, encoding: .utf8)
        }
        let result = try mitoscope(["run", folder.path("all")])
        let path = folder.path("all")
        #expect(result.status == 3)
        #expect(
            result.lines.suffix(3) == [
                "3 runs: 1 hang, 1 failed, 1 passed",
                "  hang: mitoscope run \(path)/c.yaml --world sim --seed 1",
                "  failed: mitoscope run \(path)/b.yaml --world sim --seed 1",
            ])
    }

    @Test func `a sweep tells what its seeds came to, and shows the gravest again`() throws {
        let copy = try Copy(of: lesson) {
            $0.replacing("delay: 4ms..6ms", with: "delay: 1ms..9ms").replacing("8ms..12ms", with: "4ms..16ms")
        }
        let result = try mitoscope(["run", copy.path, "--seeds", "1..40"])
        #expect(result.status == 1)
        let command = try #require(result.lines.first)
        #expect(result.output.contains(/; of 40 runs: \d+ failed, \d+ passed/))
        let again = try mitoscope(command.split(separator: " ").dropFirst().map(String.init))
        #expect(again.status == 1 && again.lines.first == command)
        #expect(try mitoscope(["run", lesson, "--seeds", "1..40"]).output.contains("; of 40 runs: 40 passed"))
    }

    @Test func `a sweep for programs says how many came to what`() throws {
        let result = try mitoscope(["run", lesson, "--seeds", "5..7", "--json"])
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(object?["runs"] as? [String: Int] == ["passed": 3] && object?["seed"] as? Int == 5)
    }

    @Test(arguments: [
        ("10..1", "the first seed is greater than the last: 1..10 has the same seeds"),
        ("1", "seeds are two whole numbers, such as 1..100"), ("0..18446744073709551615", "more than 1000000000 seeds"),
    ])
    func `what are no seeds is status 64, and why`(seeds: String, why: String) throws {
        let result = try mitoscope(["run", lesson, "--seeds", seeds])
        #expect(result.status == 64 && result.complaints.contains(why), "\(result.complaints)")
    }

    @Test(arguments: [
        (["--world", "all"], "run it in one world after another, with --world sim, live or lab"),
        (["--times", "2"], "drop --times"), (["--seeds", "1..2"], "name one with --seed"),
        (["Scenarios/Lessons/06-killed-target.yaml"], "name one scenario"),
    ])
    func `a trace of more than one run says what to do instead`(words: [String], hint: String) throws {
        let result = try mitoscope(["run", lesson, "--trace", "/dev/null"] + words)
        #expect(result.status == 64 && result.output.isEmpty)
        // In every world there are two, or three where this machine has labs.
        #expect(result.complaints.contains(#/^Error: --trace is for one run, and this would be [23]: /#))
        #expect(result.complaints.contains(hint) && result.complaints.contains("mitoscope run <files>"))
    }

    @Test func `a command that is not known is asked after, with the nearest one`() throws {
        let result = try mitoscope(["runn", lesson])
        #expect(result.status == 64 && result.complaints == "Error: unknown command 'runn': did you mean 'run'?\n")
        let strange = try mitoscope(["sing"])
        #expect(strange.status == 64)
        #expect(strange.complaints.hasPrefix("Error: unknown command 'sing': there are learn, run, "))
        #expect(try mitoscope(["help", "learn"]).status == 0)
        #expect(try mitoscope(["help", "run"]).status == 0)
    }

    @Test func `folders of tools are not looked into, and both endings are taken`() throws {
        let folder = try Folder()
        let story = try String(contentsOf: root.appending(path: lesson), encoding: .utf8)
        for place in ["a.yml", "below/b.yaml", ".build/c.yaml", "below/.git/d.yaml", ".e.yaml", "f.txt"] {
            let url = URL(filePath: folder.path("all")).appending(path: place)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try story.write(to: url, atomically: true, encoding: .utf8)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("all") + "/round", withDestinationPath: folder.path("all"))
        let path = folder.path("all")
        #expect(ScenarioFiles([path]).paths == ["\(path)/a.yml", "\(path)/below/b.yaml"])
        #expect(ScenarioFiles([path + "/"]).paths == ["\(path)/a.yml", "\(path)/below/b.yaml"])
        #expect(try mitoscope(["run", path + "/a.yml"]).status == 0)
    }

    @Test func `what is too long for a terminal is broken between words`() {
        #expect(Terminal.broken("short", at: 20) == ["short"])
        #expect(Terminal.broken("  one two three four five six", at: 20) == ["  one two three four", "    five six"])
        let story = "    5.000ms  master's call fails: it got no answer"
        let parts = ["    5.000ms  master's call", "             fails: it got no", "             answer"]
        #expect(Terminal.broken(story, at: 30) == parts)
        let long = String(repeating: "x", count: 50)
        #expect(Terminal.broken("a \(long) b", at: 20) == ["a", "  \(long)", "  b"])
    }

    @Test func `a sweep does not go with what is for one run`() throws {
        for words in [["--seed", "1"], ["--times", "2"], ["--world", "live"], ["--hash"], ["--update"]] {
            #expect(try mitoscope(["run", lesson, "--seeds", "1..2"] + words).status == 64, "\(words)")
        }
        #expect(try mitoscope(["run", lesson, "--seeds", "1..2", "--trace", "/dev/null"]).status == 64)
    }

    @Test func `how far a sweep is comes with its pace, once that is known`() {
        #expect(Progress.text(done: 0, of: 1, after: .seconds(5)) == "")
        #expect(Progress.text(done: 1, of: 400, after: .milliseconds(10)) == "1 of 400: ")
        #expect(Progress.text(done: 100, of: 400, after: .seconds(10)) == "100 of 400, 10/s, 30s left: ")
        #expect(Progress.text(done: 1, of: 401, after: .seconds(3)) == "1 of 401, 3s each, 20min left: ")
    }

    @Test func `each command that has something to tell tells programs too`() throws {
        let copy = try Copy(of: lesson) { $0.replacing("timeout", with: "tiemout") }
        let mistake = try object(["lint", copy.path, "--json"])
        #expect(mistake["line"] as? Int == (try copy.line(of: "tiemout")))
        #expect(mistake["hint"] as? String == "did you mean 'timeout'?")
        let folder = try Folder()
        #expect(try mitoscope(["run", lesson, "--trace", folder.path("a.trace")]).status == 0)
        let merged = try object(["merge", folder.path("a.trace"), "--out", folder.path("b.trace"), "--json"])
        #expect(merged["contexts"] as? Int == 2 && merged["notes"] as? [String] == [])
        let imported = try object(["import", folder.path("b.trace"), "--json"])
        #expect((imported["scenario"] as? String)?.hasPrefix("mitoscope: 1\n") == true)
        let sizes = try mitoscope(["sizes", "--json"])
        #expect(sizes.lines.count == 4 && sizes.lines[0].hasPrefix("{\"bytes\":"))
    }

    @Test func `a newer trace is refused in one sentence, with status 65`() throws {
        let folder = try Folder()
        let trace = folder.path("new.trace")
        try "{\"mitoscope-trace\":2,\"news\":[]}\n{\"k\":\"what-is-this\"}\n".write(
            toFile: trace, atomically: true, encoding: .utf8)
        let result = try mitoscope(["explain", trace])
        #expect(result.status == 65)
        #expect(
            result.complaints == "\(trace):1:1: the trace has version 2; this program reads 1: a newer one wrote it\n")
    }

    @Test func `a newer scenario is refused in one sentence, with status 65`() throws {
        let copy = try Copy(of: lesson) { $0.replacing("mitoscope: 1", with: "mitoscope: 2\nnews: []") }
        let result = try mitoscope(["lint", copy.path])
        #expect(result.status == 65)
        let sentence = "the scenario has version 2: this program reads 1, a newer one is needed"
        #expect(result.lines == ["\(copy.path):1:12: \(sentence)"])
    }

    /// What a command prints as its first line.
    private func object(_ words: [String]) throws -> [String: Any] {
        let line = try #require(try mitoscope(words).lines.first)
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
}
