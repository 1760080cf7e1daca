import ArgumentParser
import MitoScenario

/// `learn [LESSON]`: a course, lesson by lesson: guess, watch, check.
struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn", abstract: "Teaches how trees of contexts work: guess, watch, check.",
        discussion: """
            Each lesson shows a tree and what will happen in it, asks for a guess, runs it and tells what came of it.
            Without a terminal all lessons are printed.
              mitoscope learn                      # the lessons, and on with the next
              mitoscope learn 5                    # from the fifth on
              mitoscope learn killed-relay --world live
              mitoscope learn | less

            A lesson is a scenario. Write it to a file, change it, and see what becomes of it:
              mitoscope learn 6 --source > mine.yaml
              mitoscope run mine.yaml

            Which lessons are done is kept in $XDG_STATE_HOME/mitoscope/lessons, \
            by default ~/.local/state/mitoscope/lessons.
            """)

    enum World: String, ExpressibleByArgument, CaseIterable {
        case sim, live
    }

    @Argument(
        help: "The number or the name of the lesson to begin with.",
        completion: .list(Course.lessons.map(\.name)))
    var lesson: String?

    @Option(help: "Where they run: in the simulator, or with real processes where a lesson allows that.")
    var world = World.sim

    @Flag(help: "List the lessons, with a mark at those that are done.")
    var list = false

    @Flag(help: "Print the lesson's file.")
    var source = false

    func validate() throws {
        if source, lesson == nil { throw ValidationError("--source needs a lesson: mitoscope learn 6 --source") }
        if list, lesson != nil { throw ValidationError("--list takes no lesson") }
    }

    func run() throws {
        let terminal = Terminal()
        var done = LessonsDone()
        let first = lesson.flatMap(Course.lesson)
        if let lesson, first == nil {
            terminal.complain("there is no lesson '\(lesson)': `mitoscope learn --list` names them")
            try ExitStatus.usage.leave()
        }
        if let first, source { return terminal.say(String(decoding: first.source.dropLast(), as: UTF8.self)) }
        if list { return Self.sayList(done, terminal) }
        Interruption.catchSignals()
        guard Prompt.isPossible else { return try printAll(from: first, terminal) }
        var next = first
        if next == nil {
            Self.sayList(done, terminal)
            next = try choose(Course.lessons.first { !done.names.contains($0.name) }, terminal)
        }
        while let lesson = next {
            try teach(lesson, terminal)
            done.note(lesson.name)
            next = try choose(Course.lessons.first { $0.number == lesson.number + 1 }, terminal)
        }
    }

    private static func sayList(_ done: LessonsDone, _ terminal: Terminal) {
        for lesson in Course.lessons {
            let number = lesson.number < 10 ? " \(lesson.number)" : "\(lesson.number)"
            // A title gives the answer away, so it is for those who had the lesson.
            let isDone = done.names.contains(lesson.name)
            let topic = isDone ? "\(lesson.topic): \(terminal.painted(lesson.scenario.title, .faint))" : lesson.topic
            terminal.say("\(isDone ? terminal.painted("✓", .green) : " ") \(number)  \(topic)")
        }
    }

    /// Without anybody to ask.
    private func printAll(from first: Lesson?, _ terminal: Terminal) throws {
        var status = ExitStatus.passed
        for lesson in Course.lessons.drop(while: { first != nil && $0.number < (first?.number ?? 0) }) {
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
        let guess = try page.scenario.question.map { try ask($0) } ?? nil
        terminal.say("")
        page.sayStory(try run(page))
        page.sayAnswer(to: guess)
    }

    /// The place of the choice; nil when the reader has none.
    private func ask(_ question: Question) throws -> Int? {
        while true {
            guard let line = Prompt.ask("Your guess (1–\(question.choices.count), or Enter to see):") else {
                throw leaving
            }
            if line.isEmpty { return nil }
            if let number = Int(line), question.choices.indices.contains(number - 1) { return number - 1 }
        }
    }

    /// The lesson that the reader wants next; nil to leave.
    private func choose(_ next: Lesson?, _ terminal: Terminal) throws -> Lesson? {
        let onward = next.map { "Enter for lesson \($0.number), " } ?? ""
        while true {
            guard let line = Prompt.ask("\(onward)a number for another, q to leave:") else { throw leaving }
            if line.isEmpty, let next { return next }
            if line.isEmpty || line == "q" { return nil }
            if let lesson = Course.lesson(line) { return lesson }
        }
    }

    private func run(_ page: LessonPage) throws -> Runner.Result {
        let wanted: WorldKind = world == .live ? .live : .sim
        let world = page.scenario.worlds.contains(wanted) ? wanted : .sim
        let runner = Runner(times: 1, writesTranscripts: false, agentPath: AgentImage.path)
        let result = try runner.run(page.scenario, in: world)
        if Interruption.hasCome { throw leaving }
        return result
    }

    /// How the command ends when there is no more to read, or somebody interrupts it.
    private var leaving: ExitCode {
        ExitCode((Interruption.hasCome ? ExitStatus.interrupted : .passed).rawValue)
    }
}
