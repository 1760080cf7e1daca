public import ArgumentParser
import Mitoscope

/// The command line of Mitoscope as a library, so that a program of its own may offer the same commands.
///
/// ```swift
/// MitoscopeCommand.runAsProgram()
/// ```
public struct MitoscopeCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "mitoscope",
        abstract: "Runs trees of contexts, and explains why they hang.",
        discussion: """
            A context is a process that runs functions for others; contexts form a tree.
            A scenario is a file that says what happens in such a tree, and what must come of it.

            Learn how such trees work, lesson by lesson:
              mitoscope learn
            Watch a lesson in virtual time, then with real processes:
              mitoscope run Scenarios/Lessons/01-first-call.yaml
              mitoscope run Scenarios/Lessons/01-first-call.yaml --world live
            Run every scenario of a folder, in every world that it allows:
              mitoscope run Scenarios --world all
            Look for mistakes without running anything:
              mitoscope lint Scenarios
            See why a run hung, from its trace:
              mitoscope run Scenarios/Hangs/planted/del-route-swallowed.yaml \\
                --trace run.trace
              mitoscope explain run.trace
            Put programs of any kind on a network of hosts that can be slow, bad or cut:
              mitoscope lab up Scenarios/Lessons/06-killed-target.yaml
              mitoscope lab exec web -- ping -c 3 db
            See what this machine can run, and how many bytes start a context:
              mitoscope doctor
              mitoscope sizes

            Exit status, the gravest of all runs:
              0    passed
              1    an expectation failed
              2    inconclusive: only a time was missed, or the limit was reached
              3    hang
              4    runs of one seed, or two traces, differ
              5    a context did not come up
              64   wrong usage, or a file cannot be read or written
              65   a mistake in a scenario or trace
              69   the world cannot be had here
              70   internal
              130  interrupted
            """,
        version: Mitoscope.version,
        subcommands: [
            LearnCommand.self, RunCommand.self, LabCommand.self, LintCommand.self, SchemaCommand.self,
            ExplainCommand.self,
            DiffCommand.self, TraceCommand.self, ImportCommand.self, MergeCommand.self, SizesCommand.self,
            DoctorCommand.self, CompletionsCommand.self, ManualCommand.self,
        ])

    public init() {}

    /// Does what this process's arguments say, and ends it with the status that is due.
    public static func runAsProgram() {
        if let word = CommandLine.arguments.dropFirst().first, let complaint = complaint(aboutCommand: word) {
            Terminal().complain(complaint)
            exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
        main()
    }

    /// What is wrong with the first word of a command line; nil when nothing is.
    static func complaint(aboutCommand word: String) -> String? {
        let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !word.hasPrefix("-"), !known.contains(word) else { return nil }
        let hint = similarName(to: word, in: known).map { "did you mean '\($0)'?" }
        return "Error: unknown command '\(word)': \(hint ?? "there are \(known.joined(separator: ", "))")"
    }
}
