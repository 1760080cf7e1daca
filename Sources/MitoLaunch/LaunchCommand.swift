public import MitoCore

/// How to start the process of a child context. One socket becomes its stdin and stdout; stderr is the starter's own.
///
///     let command = try LaunchCommand(plan, image: "/usr/bin/mito-agent", usualName: name)
///     spawn(command.program, command.arguments, command.environment)
///
/// Nothing is started here: the same plan and image give the same command, wherever it is made.
public struct LaunchCommand: Hashable, Sendable {
    /// A path, or a name to be looked up in PATH.
    public var program: String
    /// All of them, the name that `ps` shows first.
    public var arguments: [String]
    /// `NAME=value`, added to what the starter's own environment has.
    public var environment: [String]
    /// Whether it is started from the starter's own image, and not from a program that the plan names.
    public var isOwnImage = false
    /// The namespaces that it is started in; nil = the starter's own. Its image, a handle of the process that is
    /// joined, and a pipe for a report go with it, under the numbers at the top of `CMitoLinux.h`.
    public var entry: NamespaceEntry?

    /// The command for `plan`.
    ///
    /// - Parameters:
    ///   - image: the program that becomes a context, unless the plan's `python_path` names another.
    ///   - usualName: what the child calls itself when the plan names nothing.
    ///   - mitoNS: where `mito-ns` is, unless the plan's `mito_ns_path` says so; asked for only where it is needed.
    /// - Throws: what the caller of the connection asked for and cannot have.
    public init(
        _ plan: LaunchPlan, image: String?, usualName: RemoteName, mitoNS: () -> String? = { nil }
    ) throws(LaunchError) {
        guard let method = Method(rawValue: plan.method) else { throw .unknownMethod(plan.method) }
        let remoteName = try RemoteName(plan) ?? usualName
        switch method {
        case .local:
            self.init(local: try Interpreter(plan.options, image: image), remoteName, plan.preambleLength)
            isOwnImage = LaunchOptions(plan.options).value("python_path") == nil
        case .setns:
            let entry = try NamespaceEntry(LaunchOptions(plan.options))
            let interpreter = try Interpreter([], image: image)
            guard let program = entry.mitoNS ?? mitoNS() else { throw .noMitoNS }
            let words = interpreter.arguments(remoteName: remoteName, preambleLength: plan.preambleLength)
            self.init(entry, by: program, words)
        }
    }

    /// The names of the methods of connection that are known here.
    public static let methods = Method.allCases.map(\.rawValue)

    enum Method: String, CaseIterable {
        case local, setns
    }

    private init(local interpreter: Interpreter, _ remoteName: RemoteName, _ preambleLength: Int) {
        program = interpreter.program
        arguments = interpreter.arguments(remoteName: remoteName, preambleLength: preambleLength)
        environment = []
    }

    private init(_ entry: NamespaceEntry, by program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = entry.words + arguments
        environment = []
        isOwnImage = true
        self.entry = entry
    }
}

/// A launch that was asked for in a way that cannot be carried out.
public enum LaunchError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownMethod(String)
    /// Nobody said which program becomes a context. It is never guessed: a program that does not expect it would
    /// start itself again and again.
    case noImage
    /// The remote name has a slash or a backslash, which would look like a path in `ps`.
    case slashInRemoteName
    /// Nothing of that name is known to make containers.
    case unsupportedKind(String)
    /// The name could be an option, a path or more than one line to the tool that is asked.
    case noContainerName(String)
    /// Not exactly one of a container, a process and namespaces was named.
    case notOneTarget
    /// Only `mito-ns` enters namespaces, and it is nowhere.
    case noMitoNS
    /// An option has a value of the wrong kind.
    case badOption(name: String, wanted: String)

    public var description: String {
        switch self {
        case .unknownMethod(let name):
            let known = LaunchCommand.methods.joined(separator: ", ")
            return "unknown connection method '\(name)'; known: \(known)"
        case .noImage:
            return """
                no program was named that becomes a context: this one can be it once it begins with Mitoscope.main or \
                ContextProgram.serveIfStarted; any other is named as the image
                """
        case .slashInRemoteName:
            return "remote_name= cannot contain slashes"
        case .unsupportedKind(let kind):
            return "unsupported container kind: '\(kind)'"
        case .noContainerName(let name):
            let shown = name.unicodeScalars.prefix(80).map { $0.escaped(asASCII: true) }.joined()
            return """
                '\(shown)' is no container's name: it is empty or too long, begins with '-', or has a slash, a space \
                or a control character in it
                """
        case .notOneTarget:
            return "setns takes one of container= with kind=, pid= with a process's number, and namespaces= with paths"
        case .noMitoNS:
            return """
                the program mito-ns was not found, which enters namespaces: it is looked for where mito_ns_path= or \
                MITOSCOPE_NS says, beside the image and the program that starts it, and in PATH
                """
        case .badOption(let name, let wanted):
            return "\(name)= must be \(wanted)"
        }
    }
}
