import MitoCore

/// Into which namespaces a child is started, and as whom. It is `mito-ns` that enters; these are its words.
///
/// The child's program comes along as an open descriptor, so that nothing need exist where it is run.
public struct NamespaceEntry: Hashable, Sendable {
    /// Whose namespaces they are.
    public enum Target: Hashable, Sendable {
        /// Those of a container's leader, which is to be asked for.
        case container(LeaderQuery)
        /// Those of a process.
        case process(Int32)
        /// These, by kind and path.
        case namespaces([Namespace])
    }

    /// One namespace as a file: `/run/netns/blue` is one of kind `net`.
    public struct Namespace: Hashable, Sendable {
        public let kind: String
        public let path: String
    }

    public let target: Target
    /// `mito-ns` where it is not to be looked for.
    let mitoNS: String?
    private let username: String?
    private let capabilities: [String]
    private let root: String?

    init(_ options: LaunchOptions) throws(LaunchError) {
        target = try Self.target(options)
        mitoNS = try options.text("mito_ns_path")
        username = try options.text("username")
        root = try options.text("root")
        capabilities = try options.texts("capabilities") ?? []
        if let username, !Self.isPlain(username) {
            throw .badOption(name: "username", wanted: "the name or the number of a user")
        }
        if !capabilities.allSatisfy(Self.isPlain) {
            throw .badOption(name: "capabilities", wanted: "a list of names such as net_admin")
        }
        if let root, !root.hasPrefix("/") { throw .badOption(name: "root", wanted: "an absolute path") }
    }

    private static func target(_ options: LaunchOptions) throws(LaunchError) -> Target {
        let (container, kind) = (try options.text("container"), try options.text("kind"))
        let (process, namespaces) = (options.value("pid"), options.value("namespaces"))
        switch (container, process, namespaces) {
        case (let container?, nil, nil):
            var tools: [String: String] = [:]
            for kind in ContainerKind.allCases { tools[kind.toolOption] = try options.text(kind.toolOption) }
            return .container(try LeaderQuery(kind: kind ?? "", container: container, tools: tools))
        case (nil, .int(let number)?, nil):
            guard let process = Int32(exactly: number), process > 0 else { throw .notOneTarget }
            return .process(process)
        case (nil, nil, .dict(let pairs)?):
            return .namespaces(try pairs.map { pair throws(LaunchError) in try namespace(pair) })
        default: throw .notOneTarget
        }
    }

    private static func namespace(_ pair: Value.Pair) throws(LaunchError) -> Namespace {
        guard case .text(let kind) = pair.key, case .text(let path) = pair.value, kinds.contains(kind.string),
            path.string.hasPrefix("/"), !path.string.utf8.contains(0)
        else {
            let known = kinds.joined(separator: ", ")
            throw .badOption(name: "namespaces", wanted: "a dict of absolute paths, by kinds of \(known)")
        }
        return Namespace(kind: kind.string, path: path.string)
    }

    /// What stands before the program's own arguments.
    var words: [String] {
        var words = ["mito-ns", "enter"]
        switch target {
        case .container, .process: words.append("--pidfd")
        case .namespaces(let all): words += all.flatMap { ["--namespace", "\($0.kind)=\($0.path)"] }
        }
        if let root { words += ["--root", root] }
        words += ["--image", "--report", "--die-with-parent"]
        if let username { words += ["--user", username] }
        words += capabilities.flatMap { ["--keep-capability", $0] }
        return words + ["--"]
    }

    /// May it be an argument of its own, on one line?
    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty && !word.hasPrefix("-") && word.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    private static let kinds = ["user", "mount", "pid", "net", "uts", "ipc", "cgroup", "time"]
}
