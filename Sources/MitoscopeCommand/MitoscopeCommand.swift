public import ArgumentParser

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
            Start with a lesson:
              mitoscope run Scenarios/Lessons/01-first-call.yaml
            The same story with real processes:
              mitoscope run Scenarios/Lessons/01-first-call.yaml --world live
            Every story of a folder, in every world that can tell it:
              mitoscope run Scenarios --world all
            Look for mistakes without running anything:
              mitoscope lint Scenarios

            Exit status:
              0  passed                     5   a context did not come up
              1  an expectation failed      64  wrong usage
              2  nobody can tell            65  a bad file
              3  hang                       69  the world cannot be had here
              4  two runs differ            70  internal
            """,
        version: "0.1.0",
        subcommands: [RunCommand.self, LintCommand.self, ExplainCommand.self, DiffCommand.self, TraceCommand.self])

    public init() {}

    /// Does what this process's arguments say, and ends it with the status that is due.
    public static func runAsProgram() { main() }
}
