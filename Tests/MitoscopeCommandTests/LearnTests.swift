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
        #expect(listed.map { String($0.split(separator: " ")[1]) } == names)
        #expect(listed[2].hasSuffix("  Cousins call each other through the nearest context above both"))
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

    @Test func `without a terminal the lessons that are named are printed, with their answers`() throws {
        let result = try mitoscope(["learn", "6", names[1]])
        #expect(result.status == 0 && result.complaints.isEmpty)
        #expect(result.lines.filter { $0.hasPrefix("Lesson ") }.map { $0.split(separator: " ")[1] } == ["6", "2"])
        #expect(result.lines.filter { $0.hasPrefix("The answer is ") }.count == 2)
        #expect(!result.output.contains("Your guess") && !result.output.contains("\u{1B}"))
    }

    @Test func `without a terminal all lessons are printed when none is named`() throws {
        let result = try mitoscope(["learn"])
        #expect(result.status == 0 && result.lines.filter { $0.hasPrefix("Lesson ") }.count == names.count)
    }

    @Test func `a scenario of the reader's own is told as a lesson`() throws {
        let copy = try Copy(of: "Scenarios/Lessons/06-killed-target.yaml") { $0 }
        let result = try mitoscope(["learn", copy.path])
        let lesson = try mitoscope(["learn", "6"])
        #expect(result.status == 0 && result.lines.first == copy.path)
        #expect(result.lines.dropFirst() == lesson.lines.dropFirst())
        #expect(try mitoscope(["learn", copy.path, "--picture"]).lines.last == "</svg>")
        #expect(try mitoscope(["learn", copy.path, "--source"]).output.hasPrefix("mitoscope: 1"))
        #expect(try mitoscope(["learn", copy.path + ".yaml"]).status == 64)
    }

    @Test func `a scenario that asks nothing is told without a question, and a hang is explained`() throws {
        let result = try mitoscope(["learn", "Scenarios/Hangs/planted/del-route-swallowed.yaml"])
        #expect(result.status == 0 && !result.output.contains("The answer is "))
        #expect(result.output.contains("deadlock: web waits for db.report") && result.output.contains("keeps the news"))
    }

    @Test func `where no context can be started, the first lesson says so with status 69`() throws {
        let result = try mitoscope(["learn", "6", "7", "--world", "live"], ["MITOSCOPE_AGENT": "/nowhere/mito-agent"])
        #expect(result.status == 69 && result.lines.filter { $0.hasPrefix("Lesson ") }.count == 1)
        #expect(result.complaints.hasPrefix("there is no program '/nowhere/mito-agent'"))
    }

    @Test func `a lesson is learned with real processes too`() throws {
        let result = try mitoscope(["learn", names[names.count - 1], "--world", "live"])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test func `each lesson has a picture`() throws {
        for name in names {
            let result = try mitoscope(["learn", name, "--picture"])
            #expect(result.status == 0 && result.lines.last == "</svg>" && result.output.contains("class=\"hop"))
        }
    }

    @Test func `what is done is marked`() throws {
        let state = FileManager.default.temporaryDirectory.appending(path: "mitoscope-\(UUID())")
        defer { try? FileManager.default.removeItem(at: state) }
        let folder = state.appending(path: "mitoscope")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "sideways\nno-such-lesson\n".write(to: folder.appending(path: "lessons"), atomically: true, encoding: .utf8)
        let listed = try mitoscope(["learn", "--list"], ["XDG_STATE_HOME": state.path]).lines
        #expect(listed.filter { $0.hasPrefix("✓") }.count == 1)
        #expect(listed[2].hasPrefix("✓  3  sideways "))
    }

    @Test func `a lesson that there is not is status 64, with a way to find one`() throws {
        let result = try mitoscope(["learn", "99"])
        #expect(result.status == 64)
        #expect(result.complaints == "there is no lesson '99': `mitoscope learn --list` names them\n")
        let near = try mitoscope(["learn", "kiled-target"])
        #expect(near.complaints == "there is no lesson 'kiled-target': did you mean 'killed-target'?\n")
        #expect(try mitoscope(["learn", "--source"]).status == 64)
        #expect(try mitoscope(["learn", "1", "2", "--picture"]).status == 64)
        #expect(try mitoscope(["learn", "--picture"]).status == 64)
    }
}
