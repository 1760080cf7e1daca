import ArgumentParser

/// `lab run FILES…`: `run --world lab`.
struct LabRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Tells scenarios with each context on a host of its own.",
        discussion: """
            The same as `mitoscope run --world lab`, with all the options of `mitoscope run`.
              mitoscope lab run Scenarios/Lessons
              mitoscope lab run story.yaml --link all:delay=250ms --pcap packets
            """)

    @Argument(
        parsing: .allUnrecognized, help: "Scenario files, or folders with such, and options of `mitoscope run`.",
        completion: .file(extensions: ["yaml", "yml"]))
    var words: [String]

    func run() throws {
        let command = try RunCommand.parse(words + ["--world", "lab"])
        try command.run()
    }
}
