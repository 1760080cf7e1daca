import MitoReport
import MitoScenario

/// One lesson as it is shown: what will happen, the question, what did happen, and the answer.
struct LessonPage {
    let lesson: Lesson
    let terminal: Terminal

    init(_ lesson: Lesson, _ terminal: Terminal) {
        self.lesson = lesson
        self.terminal = terminal
    }

    var scenario: Scenario { lesson.scenario }

    /// All that a reader needs for a guess.
    func sayOutline() {
        terminal.say(lesson.heading)
        let outline = StoryOutline(scenario: scenario)
        terminal.say("")
        for line in outline.tree { terminal.say("  " + line) }
        terminal.say("")
        for line in outline.story { terminal.say("  " + line) }
        terminal.say("")
        guard let question = scenario.question else { return }
        terminal.sayFolded(question.text)
        for (index, choice) in question.choices.enumerated() { terminal.say("  \(index + 1)  \(choice)") }
        terminal.say("")
    }

    /// What happened, and where it was not what the lesson says, that.
    func sayStory(_ result: Runner.Result) {
        let told = Telling.transcript(of: result.run.records, times: true)
        // The tree, which has no times, was shown already.
        for line in told.drop(while: { $0.hasPrefix(Self.timeless) }) { terminal.say("  " + line) }
        terminal.say("")
        if let explanation = result.verdict.explanation {
            terminal.say(explanation.text)
            terminal.say("")
        }
        guard result.status != .passed else { return }
        if !result.verdict.ending.isEmpty { terminal.say(terminal.painted(result.verdict.ending, .yellow)) }
        for miss in result.verdict.misses {
            terminal.say(terminal.painted("expected: \(miss.expected), but \(miss.seen)", .yellow))
        }
        terminal.say("")
    }

    /// The answer, measured by the guess if there was one, and what the lesson is about.
    func sayAnswer(to guess: Int?) {
        if let question = scenario.question {
            let answer = "\(question.answer + 1), \(question.choices[question.answer])."
            switch guess {
            case question.answer: terminal.say("\(terminal.painted("Right", .green)): \(answer)")
            case nil: terminal.say("The answer is \(answer)")
            default: terminal.say("\(terminal.painted("Not quite", .yellow)): it is \(answer)")
            }
            terminal.sayFolded(question.because)
            terminal.say("")
        }
        terminal.say("\(scenario.title).")
        if !scenario.teaches.isEmpty { terminal.sayFolded(scenario.teaches) }
        terminal.say("")
    }

    /// How a line of a transcript begins that is of no moment.
    private static let timeless = String(repeating: " ", count: 12)
}
