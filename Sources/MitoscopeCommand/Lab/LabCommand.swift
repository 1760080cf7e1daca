import ArgumentParser

/// `lab …`: hosts of one's own, with links between them that can be made slow, bad or cut.
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "Makes a network of hosts on this machine, without root.",
        discussion: """
            Each context of a scenario becomes a host: a network of its own with an address and a name, joined to its \
            parent by a link that is as the scenario says. Any program can run there.
              mitoscope lab up Scenarios/Lessons/06-killed-target.yaml
              mitoscope lab exec web -- ping -c 3 db
              mitoscope lab shell rack
              mitoscope lab set web:delay=250ms,loss=1/100
              mitoscope lab cut db
              mitoscope lab status --watch
              mitoscope lab down

            Tell stories there, and keep what crosses each link for tcpdump or Wireshark:
              mitoscope lab run Scenarios/Lessons --pcap packets

            All of it is in namespaces of its own: nothing of this machine's is changed, and nothing is left.
            """,
        subcommands: [
            LabUpCommand.self, LabRunCommand.self, LabExecCommand.self, LabShellCommand.self, LabStatusCommand.self,
            LabCutCommand.self, LabMendCommand.self, LabHoldCommand.self, LabReleaseCommand.self, LabSetCommand.self,
            LabListCommand.self, LabDownCommand.self,
        ])
}
