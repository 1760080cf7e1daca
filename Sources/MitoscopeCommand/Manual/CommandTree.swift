import ArgumentParser
import Foundation

/// A command with its arguments and subcommands, as the parser of the command line knows them.
struct CommandTree: Decodable {
    var command: Command

    init(of command: (some ParsableCommand).Type) throws {
        self = try JSONDecoder().decode(CommandTree.self, from: Data(command._dumpHelp().utf8))
    }

    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var subcommands: [Command]?
        var arguments: [Argument]?
        var shouldDisplay: Bool
    }

    struct Argument: Decodable {
        enum Kind: String, Decodable {
            case positional, option, flag
        }

        struct Name: Decodable {
            enum Kind: String, Decodable {
                case long, short, longWithSingleDash
            }

            var kind: Kind
            var name: String

            /// As it is typed.
            var text: String { kind == .long ? "--\(name)" : "-\(name)" }
        }

        var kind: Kind
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var defaultValue: String?
        var allValues: [String]?
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool
    }
}
