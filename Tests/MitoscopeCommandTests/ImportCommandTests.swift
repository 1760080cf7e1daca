import Foundation
import Testing

/// A run with real processes is recorded, imported, and told again in the simulator.
@Suite(.timeLimit(.minutes(2)))
struct ImportCommandTests {
    private let planted = "Scenarios/Hangs/planted/del-route-swallowed.yaml"

    @Test func `a live hang is recorded, imported and reproduced with the same explanation`() throws {
        let folder = try Folder()
        let (live, replay) = (folder.path("live.trace"), folder.path("replay.trace"))
        let story = folder.path("story.yaml")
        #expect(try mitoscope(["run", planted, "--world", "live", "--trace", live]).status == 0)
        let imported = try mitoscope(["import", live, "-o", story])
        #expect(imported.status == 0 && imported.output.isEmpty, "\(imported.complaints)")
        let told = try mitoscope(["run", story, "--trace", replay])
        #expect(told.status == 0, "\(told.output)")
        let (one, other) = (try explanation(of: live), try explanation(of: replay))
        for key in ["verdict", "waits", "function", "on", "lost-at", "because"] {
            #expect(one[key] as? String == other[key] as? String)
        }
        #expect(one["because"] as? String == "notice-not-passed-on" && one["lost-at"] as? String == "bastion")
    }

    @Test func `without a file the scenario is printed, and what was left out is said beside it`() throws {
        let folder = try Folder()
        let copy = try Copy(of: "Scenarios/Lessons/01-first-call.yaml") {
            $0.replacing(#/call: web\.add, args: \[2, 3\]/#, with: "stream: web.tail, args: [3]")
                .replacing(#/\nexpect:[\s\S]*/#, with: "\nexpect: []\n")
        }
        #expect(try mitoscope(["run", copy.path, "--trace", folder.path("run.trace")]).status == 0)
        let result = try mitoscope(["import", folder.path("run.trace")])
        #expect(result.status == 0 && result.output.hasPrefix("mitoscope: 1\ntitle: "), "\(result.output)")
        #expect(result.complaints.hasPrefix("not taken over: the items that"))
    }

    @Test func `what holds no story is status 65, and what is no trace too`() throws {
        let folder = try Folder()
        try "{\"mitoscope-trace\":1}\n".write(toFile: folder.path("empty.trace"), atomically: true, encoding: .utf8)
        #expect(try mitoscope(["import", folder.path("empty.trace")]).status == 65)
        #expect(try mitoscope(["import", "README.md"]).status == 65)
        #expect(try mitoscope(["import", "no-such.trace"]).status == 64)
    }

    private func explanation(of trace: String) throws -> [String: Any] {
        let result = try mitoscope(["explain", trace, "--json"])
        #expect(result.status == 3)
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
    }
}

/// A folder for a test's files, removed with its owner.
final class Folder {
    private let url = FileManager.default.temporaryDirectory.appending(path: "mitoscope-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Traces that were written apart.
@Suite(.timeLimit(.minutes(2)))
struct MergeCommandTests {
    private let planted = "Scenarios/Hangs/planted/del-route-swallowed.yaml"

    @Test func `a folder of traces is merged, explained and imported like the trace of the whole`() throws {
        let folder = try Folder()
        let (whole, merged) = (folder.path("whole.trace"), folder.path("merged"))
        #expect(try mitoscope(["run", planted, "--trace", whole]).status == 0)
        let parts = try Self.split(whole, into: folder.path("parts"))
        let result = try mitoscope(["merge", folder.path("parts"), "--out", merged])
        #expect(result.status == 0 && result.output.isEmpty && result.complaints.isEmpty, "\(result.complaints)")
        #expect(parts == 5)
        let told = try mitoscope(["explain", whole]).output
        #expect(try mitoscope(["explain", merged]).output == told)
        #expect(try mitoscope(["explain", folder.path("parts")]).output == told)
        #expect(try mitoscope(["import", folder.path("parts")]).status == 0)
    }

    @Test func `what is torn or missing is said`() throws {
        let folder = try Folder()
        let whole = folder.path("whole.trace")
        #expect(try mitoscope(["run", planted, "--trace", whole]).status == 0)
        _ = try Self.split(whole, into: folder.path("parts"))
        let torn = folder.path("parts") + "/2.trace"
        let text = try String(contentsOfFile: torn, encoding: .utf8)
        try String(text.dropLast(#"{"end":true}"#.count + 6)).write(toFile: torn, atomically: true, encoding: .utf8)
        try FileManager.default.removeItem(atPath: folder.path("parts") + "/1.trace")
        let result = try mitoscope(["merge", folder.path("parts"), "-o", folder.path("merged")])
        #expect(result.status == 0)
        #expect(result.complaints.contains("2.trace: it ends inside a record (line "))
        #expect(result.complaints.contains("bastion: there is no trace of it"))
    }

    @Test func `a folder without traces is status 64`() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: false)
        let result = try mitoscope(["explain", folder.path("empty")])
        #expect(result.status == 64 && result.complaints.hasSuffix("no trace in it\n"))
    }

    /// Gives each context a file of its own, with an end; returns how many there are.
    private static func split(_ trace: String, into folder: String) throws -> Int {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").map(String.init)
        let contexts = Dictionary(grouping: lines.dropFirst().dropLast()) { line in
            String(line.firstMatch(of: #/"ctx":([0-9]+)/#)?.1 ?? "")
        }
        for (context, own) in contexts {
            let records = own.map { $0.replacing(#/"i":[0-9]+,/#, with: "") }
            let text = ([lines[0]] + records + lines.suffix(1)).map { $0 + "\n" }.joined()
            try text.write(toFile: "\(folder)/\(context).trace", atomically: true, encoding: .utf8)
        }
        return contexts.count
    }
}
