import Foundation
import Testing

/// The course that is inside the program.
@Suite(.timeLimit(.minutes(2)))
struct LearnTests {
    /// The shipped lessons, in their order, without number and suffix.
    private let names = try! FileManager.default
        .contentsOfDirectory(atPath: root.appending(path: "Scenarios/Lessons").path)
        .filter { $0.hasSuffix(".yaml") }.sorted().map { String($0.dropFirst(3).dropLast(5)) }

    @Test func `every lesson of the folder is in the program, in the folder's order`() throws {
        let listed = try mitoscope(["learn", "--list"], ["XDG_STATE_HOME": "/nowhere"]).lines
        #expect(listed.map { $0.split(separator: " ").dropFirst().joined(separator: "-") } == names)
        #expect(names.count >= 18)
    }

    @Test func `a lesson in the program is its file, byte for byte`() throws {
        for (index, name) in names.enumerated() {
            let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
            let file = try String(
                contentsOf: root.appending(path: "Scenarios/Lessons/\(number)-\(name).yaml"), encoding: .utf8)
            #expect(try mitoscope(["learn", name, "--source"]).output == file)
        }
    }

    @Test func `without a terminal all lessons from the one that is named are printed, with their answers`() throws {
        let result = try mitoscope(["learn", "\(names.count - 1)"])
        #expect(result.status == 0 && result.complaints.isEmpty)
        #expect(result.lines.filter { $0.hasPrefix("Lesson ") }.count == 2)
        #expect(result.lines.filter { $0.hasPrefix("The answer is ") }.count == 2)
        #expect(!result.output.contains("Your guess") && !result.output.contains("\u{1B}"))
    }

    @Test func `a lesson is learned with real processes too`() throws {
        let result = try mitoscope(["learn", names[names.count - 1], "--world", "live"])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test func `what is done is marked, and what it taught is told`() throws {
        let state = FileManager.default.temporaryDirectory.appending(path: "mitoscope-\(UUID())")
        defer { try? FileManager.default.removeItem(at: state) }
        let folder = state.appending(path: "mitoscope")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "sideways\nno-such-lesson\n".write(to: folder.appending(path: "lessons"), atomically: true, encoding: .utf8)
        let listed = try mitoscope(["learn", "--list"], ["XDG_STATE_HOME": state.path]).lines
        #expect(listed.filter { $0.hasPrefix("✓") }.count == 1)
        #expect(listed[2].hasPrefix("✓  3  sideways: Cousins call each other"))
    }

    @Test func `a lesson that there is not is status 64, with a way to find one`() throws {
        let result = try mitoscope(["learn", "99"])
        #expect(result.status == 64)
        #expect(result.complaints == "there is no lesson '99': `mitoscope learn --list` names them\n")
        #expect(try mitoscope(["learn", "--source"]).status == 64)
    }
}
