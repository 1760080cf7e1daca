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
