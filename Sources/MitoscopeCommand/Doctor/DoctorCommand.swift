import ArgumentParser
import Foundation

/// `doctor`: says what this machine can run, and how to get the rest.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Says what this machine can run, and how to get the rest.",
        discussion: """
            Each line is something that was tried just now. Nothing is installed, and no setting is changed.
              mitoscope doctor
              mitoscope doctor --json
            Ends with status 0 when stories run in the simulator and with real processes, else with 69.
            """)

    @Flag(help: "Print one JSON object for each line.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        var status = ExitStatus.passed
        for check in MachineChecks.all {
            terminal.progress("\(check.name) …")
            let finding = check.look()
            terminal.progress("")
            terminal.say(
                json ? JSONLine(of: Report(check, finding)).text : line(check, finding, terminal))
            if check.isRequired, !finding.isThere { status = .environmentMissing }
        }
        try status.leave()
    }

    /// `yes  ssh           OpenSSH_9.2p1`.
    private func line(_ check: any MachineCheck, _ finding: MachineFinding, _ terminal: Terminal) -> String {
        let mark =
            finding.isThere
            ? terminal.painted("yes", .green) : terminal.painted("no ", check.isRequired ? .red : .yellow)
        let name = check.name.padding(toLength: Self.nameWidth, withPad: " ", startingAt: 0)
        let remedy = finding.remedy.map { terminal.painted("  → \($0)", .faint) } ?? ""
        return "\(mark)  \(name)  \(finding.what)\(remedy)"
    }

    private static let nameWidth = MachineChecks.all.map(\.name.count).max() ?? 0

    /// One line for programs.
    private struct Report: Encodable {
        var check: String
        var isThere: Bool
        /// Do `sim` or `live` need it?
        var isRequired: Bool
        var found: String
        var remedy: String?

        init(_ check: any MachineCheck, _ finding: MachineFinding) {
            (self.check, isRequired) = (check.name, check.isRequired)
            (isThere, found, remedy) = (finding.isThere, finding.what, finding.remedy)
        }
    }
}
