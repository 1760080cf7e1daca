import ArgumentParser
import Foundation
import MitoLab

/// `lab status`: how hosts and links are.
struct LabStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows the hosts and links of a lab.",
        discussion: """
            Counted is what came out at the end of a link, each way. With --watch it is shown again each second, until \
            Ctrl-C or the lab's end.
              mitoscope lab status
              mitoscope lab status --watch
              mitoscope lab status --watch --json | head -5
            """)

    @OptionGroup var lab: LabChoice

    @Flag(help: "Show it again and again.")
    var watch = false

    @Flag(help: "Print one JSON object each time.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        try withLab { () throws(LabFailure) in
            let running = try Lab.named(lab.name)
            repeat {
                let status = try running.status()
                if json {
                    terminal.say(JSONLine(of: LabReport(lab.name, status)).text)
                } else {
                    if watch { terminal.clear() }
                    for line in LabTable(status).lines { terminal.say(line) }
                }
                if watch { Thread.sleep(forTimeInterval: 1) }
            } while watch
        }
    }
}
