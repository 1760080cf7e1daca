import ArgumentParser
import Foundation
import MitoLab

/// `lab exec HOST -- PROGRAM…`: any program on a host of a lab.
struct LabExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Runs a program on a host of a lab.",
        discussion: """
            The program has this terminal, this folder and this environment, and its exit status is the command's. \
            Hosts know each other by their names.
              mitoscope lab exec web -- python3 -m http.server 80
              mitoscope lab exec master -- curl web
              mitoscope lab exec --name slow db -- ip address
            It is the user that you are, without any capability. One that is named counts for the lab's network alone:
              mitoscope lab exec --capability net_raw web -- tcpdump -i eth0
            """)

    @OptionGroup var lab: LabChoice

    @Option(
        help: ArgumentHelp("Let it do this to the lab's network: `net_raw`. May be given again.", valueName: "name"))
    var capability: [String] = []

    @Argument(help: "The host.", completion: .custom { _, _, _ in LabHosts.names() })
    var host: String

    @Argument(parsing: .postTerminator, help: "The program and its arguments.")
    var program: [String] = []

    func validate() throws {
        if program.isEmpty { throw ValidationError("no program is named: mitoscope lab exec \(host) -- PROGRAM…") }
    }

    func run() throws {
        try withLab { () throws(LabFailure) in
            let folder = FileManager.default.currentDirectoryPath
            try Lab.named(lab.name).host(host).become(
                program, .shipped, directory: folder, capabilities: capability)
        }
    }
}

/// `lab shell HOST`
struct LabShellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Opens a shell on a host of a lab.",
        discussion: """
            The shell is the one that SHELL names, else /bin/sh.
              mitoscope lab shell web
            """)

    @OptionGroup var lab: LabChoice

    @Argument(help: "The host.", completion: .custom { _, _, _ in LabHosts.names() })
    var host: String

    func run() throws {
        let shell = ProcessInfo.processInfo.environment["SHELL"] ?? "/bin/sh"
        try withLab { () throws(LabFailure) in
            let folder = FileManager.default.currentDirectoryPath
            try Lab.named(lab.name).host(host).become([shell], .shipped, directory: folder)
        }
    }
}

/// What a shell may offer where a host is to be named: those of the usual lab.
enum LabHosts {
    static func names() -> [String] { (try? Lab.named(LabName.usual).status().hosts.map(\.name)) ?? [] }
}
