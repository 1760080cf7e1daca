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

    /// The command for `plan`.
    ///
    /// - Parameters:
    ///   - image: the program that becomes a context, unless the plan's `python_path` names another.
    ///   - usualName: what the child calls itself when the plan names nothing.
    /// - Throws: what the caller of the connection asked for and cannot have.
    public init(_ plan: LaunchPlan, image: String?, usualName: RemoteName) throws(LaunchError) {
        guard let method = Method(rawValue: plan.method) else { throw .unknownMethod(plan.method) }
        let remoteName = try RemoteName(plan) ?? usualName
        switch method {
        case .local: self.init(local: try Interpreter(plan.options, image: image), remoteName, plan.preambleLength)
        }
    }

    /// The names of the methods of connection that are known here.
    public static let methods = Method.allCases.map(\.rawValue)

    enum Method: String, CaseIterable {
        case local
    }

    private init(local interpreter: Interpreter, _ remoteName: RemoteName, _ preambleLength: Int) {
        program = interpreter.program
        arguments = interpreter.arguments(remoteName: remoteName, preambleLength: preambleLength)
        environment = []
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
        case .badOption(let name, let wanted):
            return "\(name)= must be \(wanted)"
        }
    }
}
