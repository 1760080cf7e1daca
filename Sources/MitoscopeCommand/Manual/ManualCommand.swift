import ArgumentParser
import Mitoscope

/// `manual`: prints the manual page, made from the same commands that the program has.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Prints this program's manual page.",
        discussion: """
            It is made of what `--help` says of every command, for `man` to show.
              mitoscope manual | man -l -
              mitoscope manual > ~/.local/share/man/man1/mitoscope.1
            """)

    func run() throws {
        let tree = try CommandTree(of: MitoscopeCommand.self)
        Terminal().say(ManualPage(of: tree.command, version: Mitoscope.version).text)
    }
}
