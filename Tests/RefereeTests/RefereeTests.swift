import TestSupport
import MitoLinux
import Testing

/// A real Python Mitogen 0.3.54 judges our context program: `referee.py` has the stories.
@Suite(
    .enabled(if: Referee.isWanted, "MITOSCOPE_VENV=none: there is to be no Python Mitogen"), .timeLimit(.minutes(2)))
struct RefereeTests {
    @Test(arguments: Referee.stories) func `a Python program is content with our context`(story: String) async throws {
        let (output, exit) = try await Referee.run([story, Built.agent, Referee.surveyPath])
        #expect(exit == .status(0), "\(output)")
    }

    @Test func `a story that fails is noticed`() async throws {
        let (output, exit) = try await Referee.run(["values", "/bin/false"])
        #expect(exit == .status(1))
        #expect(output.contains("EofError"))
    }

    @Test func `every story of the referee is told`() async throws {
        let (output, _) = try await Referee.run(["--list"])
        #expect(output.split(separator: "\n").map(String.init) == Referee.stories)
    }
}
