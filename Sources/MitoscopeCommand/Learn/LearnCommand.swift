import ArgumentParser
import Foundation
import MitoReport
import MitoScenario
import Mitoscope

/// `learn [LESSON…]`: a course, lesson by lesson: guess, watch, check.
struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn", abstract: "Teaches how trees of contexts work: guess, watch, check.",
        discussion: """
            Each lesson shows a tree and what will happen in it, asks for a guess, runs it and tells what came of it.
            Without a terminal the lessons that are named are printed, or all.
              mitoscope learn                      # the lessons, and on with the next
              mitoscope learn 5                    # from the fifth on
              mitoscope learn killed-relay --world live
              mitoscope learn 2 6 20 | less

            A lesson is a scenario. Write it to a file, change it, and see what becomes of it; \
            any scenario of yours is told in the same way:
              mitoscope learn 6 --source > mine.yaml
              mitoscope learn mine.yaml

            A picture of what happens in it, for a browser or a slide:
              mitoscope learn 6 --picture > killed-target.svg

            Which lessons are done is kept in $XDG_STATE_HOME/mitoscope/lessons, \
            by default ~/.local/state/mitoscope/lessons.
            """)

    enum World: String, ExpressibleByArgument, CaseIterable {
        case sim, live, lab
    }

    @Argument(
        help: "Numbers or names of lessons, or scenario files of your own.", completion: .list(Course.names))
    var lessons: [String] = []

    @Option(
        help: """
            Where they run: in the simulator, with real processes, or with a host for each, where a lesson allows that.
            """)
    var world = World.sim

    @Flag(help: "List the lessons, with a mark at those that are done.")
    var list = false

    @Flag(help: "Print the lesson's file.")
    var source = false

    @Flag(help: "Print a picture of the lesson, as SVG.")
    var picture = false

    func validate() throws {
        for (isSet, flag) in [(source, "--source"), (picture, "--picture")] where isSet && lessons.count != 1 {
            throw ValidationError("\(flag) needs one lesson: mitoscope learn 6 \(flag)")
        }
        if source, picture { throw ValidationError("--source and --picture exclude each other") }
        if list, !lessons.isEmpty { throw ValidationError("--list takes no lesson") }
    }

    func run() throws {
        let terminal = Terminal()
        var done = LessonsDone()
        if list { return Self.sayList(done, terminal) }
        let named = try lessons.map { try lesson($0, terminal) }
        if source { return terminal.say(String(decoding: named[0].source.dropLast(), as: UTF8.self)) }
        Interruption.catchSignals()
        if picture { return try draw(LessonPage(named[0], terminal)) }
        guard Prompt.isPossible else {
            return try printAll(named.isEmpty ? Course.names.compactMap(Course.lesson) : named, terminal)
        }
        var rest = named[...]
        var next = rest.popFirst()
        if next == nil {
            Self.sayList(done, terminal)
            let isNew = { !done.names.contains($0) }
            next = try choose(Course.names.first(where: isNew).flatMap(Course.lesson), terminal)
        }
        while let lesson = next {
            try teach(lesson, terminal)
            if lesson.number != nil { done.note(lesson.name) }
            // Who came for something of their own did not come for the course.
            if rest.isEmpty, lesson.number == nil { return }
            let following = rest.popFirst() ?? Course.lesson(after: lesson)
            if following == nil { terminal.say("That was the last lesson.") }
            next = try choose(following, terminal)
        }
    }

    /// The lesson that a word names; where there is none, says so and ends the command with the status that is due.
    private func lesson(_ word: String, _ terminal: Terminal) throws -> Lesson {
        if let lesson = Course.lesson(word) { return lesson }
        guard word.contains("/") || word.hasSuffix(".yaml") || word.hasSuffix(".yml") else {
            let near = similarName(to: word, in: Course.names).map { "did you mean '\($0)'?" }
            terminal.complain("there is no lesson '\(word)': \(near ?? "`mitoscope learn --list` names them")")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
        guard let bytes = InputFile.bytes(of: word, atMost: Scenario.fileBytesMax + 1) else {
            terminal.complain("\(word): cannot be read")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
        do throws(ScenarioErrors) {
            return try Lesson(file: word, source: bytes)
        } catch {
            terminal.complain(error.description)
            throw ExitCode(ExitStatus.badScenario.rawValue)
        }
    }

    private static func sayList(_ done: LessonsDone, _ terminal: Terminal) {
        let width = Course.names.map(\.count).max() ?? 0
        for lesson in Course.names.compactMap(Course.lesson) {
            let number = "\(lesson.number ?? 0)"
            let name = lesson.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let mark = done.names.contains(lesson.name) ? terminal.painted("✓", .green) : " "
            // A title says what a lesson is about, from which the answer to its question does not follow.
            let title = terminal.painted(lesson.scenario.title, .faint)
            terminal.say("\(mark) \(number.count < 2 ? " " : "")\(number)  \(name)  \(title)")
        }
    }

    /// Without anybody to ask.
    private func printAll(_ lessons: [Lesson], _ terminal: Terminal) throws {
        var status = ExitStatus.passed
        for lesson in lessons {
            let page = LessonPage(lesson, terminal)
            page.sayOutline()
            let result = try run(page)
            status = status.combined(with: result.status)
            page.sayStory(result)
            page.sayAnswer(to: nil)
        }
        try status.leave()
    }

    private func teach(_ lesson: Lesson, _ terminal: Terminal) throws {
        let page = LessonPage(lesson, terminal)
        terminal.say("")
        page.sayOutline()
        let guess = try page.scenario.question.map { try ask($0, terminal) } ?? nil
        terminal.say("")
        page.sayStory(try run(page))
        page.sayAnswer(to: guess)
    }

    /// The place of the choice; nil when the reader has none.
    private func ask(_ question: Question, _ terminal: Terminal) throws -> Int? {
        while true {
            guard let line = Prompt.ask("Your guess (1–\(question.choices.count), or Enter to see):") else {
                throw leaving
            }
            if line.isEmpty { return nil }
            if let number = Int(line), question.choices.indices.contains(number - 1) { return number - 1 }
            terminal.say("A number from 1 to \(question.choices.count), please; or only Enter.")
        }
    }

    /// The lesson that the reader wants next; nil to leave.
    private func choose(_ next: Lesson?, _ terminal: Terminal) throws -> Lesson? {
        let onward = next.map { "Enter for \($0.number.map { "lesson \($0)" } ?? $0.name), " } ?? ""
        while true {
            guard let line = Prompt.ask("\(onward)a number for another, q to leave:") else { throw leaving }
            if line.isEmpty, let next { return next }
            if line.isEmpty || line == "q" { return nil }
            if let lesson = Course.lesson(line) { return lesson }
            terminal.say("A number from 1 to \(Course.names.count), please; or q.")
        }
    }

    private func draw(_ page: LessonPage) throws {
        let story = Trace(Telling.story(in: try run(page).run.records))
        page.terminal.say(String(SpaceTime(story, title: page.scenario.title).svg.dropLast()))
    }

    private func run(_ page: LessonPage) throws -> Runner.Result {
        let wanted = WorldKind(rawValue: world.rawValue) ?? .sim
        let worlds = page.scenario.worlds
        let world = worlds.contains(wanted) ? wanted : worlds.first ?? .sim
        let runner = Runner(times: 1, writesTranscripts: false, agentPath: ShippedProgram.agent.path)
        let result = try runner.run(page.scenario, in: world)
        if Interruption.hasCome { throw leaving }
        if case .environmentMissing(let why) = result.run.ending {
            page.terminal.complain(why)
            throw ExitCode(ExitStatus.environmentMissing.rawValue)
        }
        return result
    }

    /// How the command ends when there is no more to read, or somebody interrupts it.
    private var leaving: ExitCode {
        ExitCode((Interruption.hasCome ? ExitStatus.interrupted : .passed).rawValue)
    }
}
