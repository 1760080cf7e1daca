import ArgumentParser

/// `completions SHELL`: prints what makes a shell complete this program's words.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Prints what makes a shell complete this program's words.",
        discussion: """
            Commands, options, their values, scenario files, and the links that the named scenarios have.
            Write it where your shell looks for such files, and start the shell anew:
              mitoscope completions bash \\
                > ~/.local/share/bash-completion/completions/mitoscope
              mitoscope completions zsh > ~/.zsh/completions/_mitoscope
              mitoscope completions fish \\
                > ~/.config/fish/completions/mitoscope.fish
            The folder must be there, and zsh wants it in `fpath` before `compinit` runs.
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var generator: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "The shell that is to read it.")
    var shell: Shell

    func run() { Terminal().say(MitoscopeCommand.completionScript(for: shell.generator)) }
}
