import Foundation
import Testing

/// The commands that read what `run --trace` wrote.
@Suite(.timeLimit(.minutes(2)))
struct TraceCommandTests {
    @Test func `two runs of one seed do not differ`() throws {
        let (one, other) = (try Traced(), try Traced())
        let result = try mitoscope(["diff", one.path, other.path])
        #expect(result.status == 0)
        #expect(result.lines.count == 1 && result.output.hasPrefix("The traces are the same: "))
        #expect(try mitoscope(["diff", one.path, other.path, "--json"]).output.hasPrefix("{\"same\":true,"))
    }

    @Test func `the first record in which two runs differ is shown with its fields and causes`() throws {
        let (one, other) = (try Traced(), try Traced(adding: "2, 4"))
        let result = try mitoscope(["diff", one.path, other.path])
        #expect(result.status == 4)
        #expect(result.lines[1].hasPrefix("left:  ") && result.lines[2].hasPrefix("right: "))
        #expect(result.lines[3].hasPrefix("  digest: "))
        #expect(result.lines.contains("What led to it:") && result.output.contains("master: command, call 1 add"))
    }

    @Test func `a difference for programs is one object`() throws {
        let (one, other) = (try Traced(), try Traced(adding: "2, 4"))
        let result = try mitoscope(["diff", one.path, other.path, "--json"])
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let fields = object?["fields"] as? [[String: String]]
        #expect(result.status == 4 && result.lines.count == 1)
        #expect(object?["same"] as? Bool == false && fields?.first?["field"] == "digest")
        #expect((object?["causes"] as? [String])?.isEmpty == false)
    }

    @Test func `a trace is drawn for documents`() throws {
        let traced = try Traced()
        let result = try mitoscope(["trace", traced.path, "--to", "mermaid"])
        #expect(result.status == 0)
        #expect(result.lines.first == "sequenceDiagram")
        #expect(result.output.contains("c0->>c1: web.add\n"))
    }

    @Test func `a part of a trace is drawn`() throws {
        let traced = try Traced()
        let svg = try mitoscope(["trace", traced.path, "--to", "svg", "--only", "calls", "--context", "web"])
        #expect(svg.status == 0 && svg.lines.last == "</svg>")
        #expect(svg.output.contains(">web.add</text>") && !svg.output.contains(">ends</text>"))
        let late = try mitoscope(["trace", traced.path, "--to", "mermaid", "--from", "5ms", "--until", "1min"])
        #expect(late.output.contains("answer to add") && !late.output.contains("c0->>c1"))
    }

    @Test(arguments: [["--only", "clay"], ["--from", "soon"], ["--until", "5"], ["--context", "clay"]])
    func `a part that there is not is status 64`(_ option: [String]) throws {
        let traced = try Traced()
        let result = try mitoscope(["trace", traced.path, "--to", "svg"] + option)
        #expect(result.status == 64 && result.complaints.contains(option[1]) && result.output.isEmpty)
    }

    @Test func `a drawing goes into the file that is named`() throws {
        let traced = try Traced()
        let drawing = traced.path + ".mmd"
        defer { try? FileManager.default.removeItem(atPath: drawing) }
        let printed = try mitoscope(["trace", traced.path, "--to", "mermaid"]).output
        let result = try mitoscope(["trace", traced.path, "--to", "mermaid", "-o", drawing])
        #expect(result.status == 0 && result.output.isEmpty)
        #expect(try String(contentsOfFile: drawing, encoding: .utf8) == printed)
    }

    @Test(arguments: [["diff", "no-such.trace", "no-such.trace"], ["trace", "no-such.trace", "--to", "mermaid"]])
    func `a trace that is not there is status 64`(_ arguments: [String]) throws {
        let result = try mitoscope(arguments)
        #expect(result.status == 64)
        #expect(result.complaints == "no-such.trace: cannot be read\n")
    }

    @Test(arguments: [["diff", "README.md", "README.md"], ["trace", "README.md", "--to", "mermaid"]])
    func `what is no trace is status 65, with its place`(_ arguments: [String]) throws {
        let result = try mitoscope(arguments)
        #expect(result.status == 65)
        #expect(result.complaints.hasPrefix("README.md:1:1: this is not a Mitoscope trace"))
    }

    @Test func `a form that is not known, and a place that takes no file, are status 64`() throws {
        let traced = try Traced()
        #expect(try mitoscope(["trace", traced.path, "--to", "clay"]).status == 64)
        #expect(try mitoscope(["trace", traced.path]).status == 64)
        let result = try mitoscope(["trace", traced.path, "--to", "mermaid", "--out", "/no-such-folder/run.mmd"])
        #expect(result.status == 64)
        #expect(result.complaints == "/no-such-folder/run.mmd: cannot be written: No such file or directory\n")
    }
}

/// The trace of one run, removed with its owner.
private final class Traced {
    let path = FileManager.default.temporaryDirectory.appending(path: "mitoscope-\(UUID()).trace").path

    /// Tells the first lesson, with other numbers to add if they are given.
    init(adding numbers: String = "2, 3") throws {
        let copy = try Copy(of: "Scenarios/Lessons/01-first-call.yaml") { $0.replacing("2, 3", with: numbers) }
        let status = try mitoscope(["run", copy.path, "--seed", "7", "--trace", path]).status
        try #require(status == (numbers == "2, 3" ? 0 : 1))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
