/// A manual page in the macros of `man`: what `--help` says, in one place.
///
/// ```swift
/// print(ManualPage(of: tree.command, version: "0.1.0").text)
/// ```
struct ManualPage {
    private(set) var text = ""

    init(of root: CommandTree.Command, version: String) {
        let name = root.commandName
        line(".TH \(name.uppercased()) 1 \"\" \"\(name) \(Self.escaped(version))\" \"User Commands\"")
        // Words stay whole and lines ragged: what is typed is to be copied from here.
        line(".nh\n.ad l")
        section("NAME")
        line("\(name) \\- \(Self.escaped(root.abstract ?? "").asPhrase)")
        section("SYNOPSIS")
        for command in root.shown { synopsis(of: command, under: name) }
        section("DESCRIPTION")
        prose(root.discussion)
        section("COMMANDS")
        for command in root.shown { describe(command, under: name) }
        section("ENVIRONMENT")
        for (variable, meaning) in Self.environment { item("\\fB\(variable)\\fR", meaning) }
        section("SEE ALSO")
        line("\\fBssh\\fR(1), \\fBsudo\\fR(8), \\fBip\\-netns\\fR(8)")
    }

    private static let environment = [
        ("MITOSCOPE_AGENT", "The program that contexts of the world live are started from."),
        ("MITOSCOPE_TRACE", "Where a program's contexts write their trace; a path that ends in a slash is a folder."),
        ("MITOSCOPE_FLIGHT", "Where a context leaves its latest events on SIGUSR1, or when a call's time is over."),
        ("MITOSCOPE_LOG_LEVEL", "What contexts log: the usual words, and io for every read and write."),
        ("MITOSCOPE_DEBUG_DIRECTORY", "The folder for the logs and profiles that a program asks its contexts for."),
        ("NO_COLOR", "When set, nothing is coloured, on a terminal neither."),
    ]
}

// MARK: Commands

extension ManualPage {
    private mutating func synopsis(of command: CommandTree.Command, under root: String) {
        let words = command.arguments?.filter { $0.shouldDisplay && $0.isTold }.map(\.usage) ?? []
        line(".B \(root) \(command.commandName)")
        for word in words { line(word) }
        line(".br")
    }

    private mutating func describe(_ command: CommandTree.Command, under root: String) {
        line(".SS \(root) \(command.commandName)")
        prose(command.abstract)
        for argument in command.arguments ?? [] where argument.shouldDisplay && argument.isTold {
            item(argument.heading, argument.meaning)
        }
        if command.discussion != nil { line(".PP") }
        prose(command.discussion)
    }
}

extension CommandTree.Command {
    /// The commands below it that people are told of.
    fileprivate var shown: [CommandTree.Command] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }
}

extension CommandTree.Argument {
    /// Every command has `--help` and `--version`, which nobody needs to be told again.
    fileprivate var isTold: Bool { names?.contains { ["help", "version"].contains($0.name) } != true }

    private var value: String { "\\fI\(ManualPage.escaped(valueName ?? "value"))\\fR" }

    /// `[--world world]`, `files ...`
    fileprivate var usage: String {
        let name = names?.first.map { "\\fB\(ManualPage.escaped($0.text))\\fR" } ?? ""
        let word =
            switch kind {
            case .positional: value
            case .option: "\(name) \(value)"
            case .flag: name
            }
        let repeated = isRepeating ? word + " ..." : word
        return isOptional ? "[\(repeated)]" : repeated
    }

    /// `--out, -o file`
    fileprivate var heading: String {
        let names = (names ?? []).map { "\\fB\(ManualPage.escaped($0.text))\\fR" }.joined(separator: ", ")
        switch kind {
        case .positional: return value
        case .option: return "\(names) \(value)"
        case .flag: return names
        }
    }

    fileprivate var meaning: String {
        var text = abstract ?? ""
        if let allValues { text += " One of \(allValues.joined(separator: ", "))." }
        if let defaultValue { text += " By default \(defaultValue)." }
        return text
    }
}

// MARK: Macros

extension ManualPage {
    private mutating func line(_ line: String) { text += line + "\n" }

    private mutating func section(_ title: String) { line(".SH \(title)") }

    private mutating func item(_ heading: String, _ meaning: String) {
        line(".TP")
        line(heading)
        line(Self.escaped(meaning))
    }

    /// Text in paragraphs; lines that are set off by two spaces are examples and stay as they are.
    private mutating func prose(_ prose: String?) {
        var isExample = false
        for part in (prose ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
            let belongsToExample = part.hasPrefix("  ")
            if belongsToExample != isExample {
                line(belongsToExample ? ".RS\n.EX" : ".EE\n.RE")
                isExample = belongsToExample
            }
            line(part.isEmpty ? ".PP" : Self.escaped(String(isExample ? part.dropFirst(2) : part)))
        }
        if isExample { line(".EE\n.RE") }
    }

    /// Text that no macro and no escape is seen in.
    static func escaped(_ text: String) -> String {
        let escaped = text.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\e"
            case "-": text += "\\-"
            case "…": text += "..."
            case "→": text += "\\(->"
            default: text.append(character)
            }
        }
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}

extension String {
    /// A sentence without its beginning and its end.
    fileprivate var asPhrase: String { prefix(1).lowercased() + (hasSuffix(".") ? dropLast() : self[...]).dropFirst() }
}
