import ArgumentParser
import Foundation
import Testing

@testable import MitoscopeCommand

/// What the program prints for shells and for `man`.
@Suite(.timeLimit(.minutes(2)))
struct ManualTests {
    @Test func `the manual page has every command, and every option with its meaning`() throws {
        let page = try mitoscope(["manual"]).output
        for command in MitoscopeCommand.configuration.subcommands {
            let name = try #require(command.configuration.commandName)
            #expect(page.contains("\n.SS mitoscope \(name)\n"))
            let options = command.helpMessage().matches(of: /--[a-z]+/).map(\.0)
            for option in Set(options).subtracting(["--help", "--version"]) {
                #expect(page.contains(option.replacing("-", with: "\\-")), "\(name) \(option)")
            }
        }
        #expect(page.contains("mitoscope run Scenarios/Lessons/06\\-killed\\-target.yaml\n"))
    }

    @Test(.enabled(if: isInstalled("man") && isInstalled("groff"), "man or groff is not installed"))
    func `man has nothing to complain of`() throws {
        let folder = try Folder()
        try mitoscope(["manual"]).output.write(toFile: folder.path("mitoscope.1"), atomically: true, encoding: .utf8)
        let shown = try #require(
            ProgramRun(
                "sh", ["-c", "LC_ALL=C.UTF-8 man --warnings=w -l '\(folder.path("mitoscope.1"))' 2>&1 >/dev/null"]))
        #expect(shown.status == 0 && shown.output.isEmpty, "\(shown.output)")
    }

    @Test func `no text is taken for a macro or an escape`() {
        #expect(ManualPage.escaped(".SH a-b\\n") == "\\&.SH a\\-b\\en")
        #expect(ManualPage.escaped("'tis") == "\\&'tis")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell reads what completes our words`(shell: String) throws {
        let result = try mitoscope(["completions", shell])
        #expect(result.status == 0 && result.output.contains("doctor") && result.output.contains("yaml"))
        guard isInstalled(shell) else { return }
        let folder = try Folder()
        try result.output.write(toFile: folder.path("words"), atomically: true, encoding: .utf8)
        #expect(ProgramRun(shell, ["-n", folder.path("words")])?.output == "")
    }

    @Test func `after --link the links of the named scenarios are offered`() {
        let lesson = root.appending(path: "Scenarios/Lessons/06-killed-target.yaml").path
        let offers = LinkCompletion.offers(for: ["run", lesson, "--link", ""])
        #expect(offers == ["all:delay=", "bastion:delay=", "db:delay=", "rack:delay=", "web:delay="])
        #expect(LinkCompletion.offers(for: ["run", "no-such.yaml"]) == ["all:delay="])
    }

    @Test(
        .enabled(if: isInstalled("bash"), "bash is not installed"),
        arguments: [
            ("mitoscope do", "doctor"), ("mitoscope run --wor", "--world"), ("mitoscope run x --world li", "live"),
            ("mitoscope run Scenarios/Lessons/06", "Scenarios/Lessons/06-killed-target.yaml"),
            ("mitoscope run Scenarios/Lessons/06-killed-target.yaml --link ba", "bastion:delay="),
        ])
    func `bash completes what was begun`(line: String, whole: String) throws {
        let script = """
            cd '\(root.path)' && PATH=$PWD/.build/debug:$PATH && source <(mitoscope completions bash)
            COMP_LINE='\(line)' && COMP_POINT=${#COMP_LINE} && read -ra COMP_WORDS <<<"$COMP_LINE"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _mitoscope mitoscope "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "${COMPREPLY[*]}"
            """
        #expect(ProgramRun("bash", ["-c", script])?.output.contains(whole) == true)
    }

    @Test func `for another shell there is nothing`() throws {
        #expect(try mitoscope(["completions", "csh"]).status == 64)
    }
}

func isInstalled(_ program: String) -> Bool { ProgramRun(program, ["--version"]) != nil }
