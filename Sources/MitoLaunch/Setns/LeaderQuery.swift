public import MitoCore

/// The question which process leads a container, put to the tool that made the container.
///
///     let query = try LeaderQuery(kind: "podman", container: "web", tools: [:])
///     run(query.arguments)                      // podman inspect --format={{.State.Pid}} web
///     let leader = try query.leader(in: output, status: 0)
///
/// No shell is asked, and a name that could be an option, a path or several lines is refused before anything runs.
public struct LeaderQuery: Hashable, Sendable {
    /// The tool's path, or its name, and its arguments.
    public let arguments: [String]
    /// The container's name.
    public let container: String
    private let kind: ContainerKind

    /// - Parameter tools: other paths for tools, under the names of their options: `docker_path` …
    /// - Throws: `unsupported container kind: …`, or why the name is none.
    init(kind: String, container: String, tools: [String: String]) throws(LaunchError) {
        guard let kind = ContainerKind(rawValue: kind) else { throw .unsupportedKind(kind) }
        guard Self.isName(container) else { throw .noContainerName(container) }
        self.kind = kind
        self.container = container
        arguments = [tools[kind.toolOption] ?? kind.tool] + kind.words + [container]
    }

    /// The leader's process number, from all that the tool printed.
    ///
    /// - Throws: what the original says when the tool failed, or printed something else.
    public func leader(in output: String, status: Int32) throws(StreamError) -> Int32 {
        guard status == 0 else {
            throw StreamError("\(commandLine) exitted with status \(status): \(output)")
        }
        guard let word = kind.leader(in: output), let leader = Int32(word), leader >= 0 else {
            throw StreamError("could not find PID from \(kind.tool) output.\n\(output)")
        }
        guard leader > 0 else { throw StreamError("container '\(container)' is not running: it has no process") }
        return leader
    }

    /// What is said when the tool could not be started.
    public func notExecuted(_ reason: String) -> StreamError {
        StreamError("could not execute \(commandLine): \(reason)")
    }

    /// The command as it would be typed.
    public var commandLine: String { arguments.map(Self.quoted).joined(separator: " ") }

    /// The containers' own rules are stricter; this is what must not reach any of them.
    private static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        // `.host` is what machinectl calls the machine itself, and `remote:name` is on another one, whose process
        // numbers mean others here.
        let forbidden = [0x7F, UInt8(ascii: "/"), UInt8(ascii: ":")]
        return (1...nameBytesMax).contains(bytes.count) && bytes.first != UInt8(ascii: "-")
            && bytes.first != UInt8(ascii: ".") && bytes.allSatisfy { $0 > 0x20 && !forbidden.contains($0) }
    }

    /// As the original prints a command: only what a shell would take for something else is wrapped.
    private static func quoted(_ word: String) -> String {
        guard word.utf8.contains(where: { special.contains($0) || $0 == UInt8(ascii: " ") }) else { return word }
        var text = "\""
        for scalar in word.unicodeScalars {
            if special.contains(where: { UInt32($0) == scalar.value }) { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }

    private static let special = Array("\\$\"`!".utf8)
    private static let nameBytesMax = 255
}

/// What made a container, and how it is asked.
enum ContainerKind: String, CaseIterable {
    case docker, podman, lxc, lxd, incus, machinectl
    /// `systemd-nspawn` tells what it starts to the same register that `machinectl` reads.
    case nspawn

    /// The tool's usual name.
    var tool: String {
        switch self {
        case .docker: "docker"
        case .podman: "podman"
        case .lxc: "lxc-info"
        case .lxd: "lxc"
        case .incus: "incus"
        case .machinectl, .nspawn: "machinectl"
        }
    }

    /// The option that names another path for it.
    var toolOption: String {
        switch self {
        case .docker: "docker_path"
        case .podman: "podman_path"
        case .lxc: "lxc_info_path"
        case .lxd: "lxc_path"
        case .incus: "incus_path"
        case .machinectl, .nspawn: "machinectl_path"
        }
    }

    /// What precedes the container's name.
    var words: [String] {
        switch self {
        case .docker, .podman: ["inspect", "--format={{.State.Pid}}"]
        case .lxc: ["-n"]
        case .lxd, .incus: ["info"]
        case .machinectl, .nspawn: ["status"]
        }
    }

    /// The word of the output that should be a process number.
    func leader(in output: String) -> Substring? {
        let labels: [Substring]
        switch self {
        case .docker, .podman:
            let words = output.split(whereSeparator: \.isWhitespace)
            return words.count == 1 ? words[0] : nil
        case .lxc: labels = ["PID:"]
        // It was written in two ways over the years.
        case .lxd, .incus: labels = ["Pid:", "PID:"]
        case .machinectl, .nspawn: labels = ["Leader:"]
        }
        for line in output.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count >= 2, labels.contains(words[0]) { return words[1] }
        }
        return nil
    }
}
