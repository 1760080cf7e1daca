import ArgumentParser
import Foundation
import MitoLab

/// `lab down`: ends labs.
struct LabDownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Ends a lab, and every program on its hosts.",
        discussion: """
              mitoscope lab down
              mitoscope lab down --name slow
              mitoscope lab down --all
            """)

    @OptionGroup var lab: LabChoice

    @Flag(help: "End every lab of yours.")
    var all = false

    func run() throws {
        try withLab { () throws(LabFailure) in
            for name in all ? LabName.running : [lab.name] {
                try Lab.named(name).end()
                // Its name is free when its last process has gone.
                let patience = Date(timeIntervalSinceNow: 10)
                while LabName.running.contains(name), Date() < patience { Thread.sleep(forTimeInterval: 0.01) }
            }
        }
    }
}

/// `lab list`
struct LabListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists your labs that run.",
        discussion: """
              mitoscope lab list
            """)

    func run() throws {
        let terminal = Terminal()
        for name in LabName.running {
            let hosts = (try? Lab.named(name).status().hosts.map(\.name)) ?? []
            terminal.say("\(name)  \(hosts.joined(separator: " "))")
        }
    }
}
