import MitoCore

/// What a child process calls itself: `mitogen:NAME` in `ps`. It says who it is, or who started it, and no more.
public struct RemoteName: Hashable, Sendable {
    /// Without slash, backslash and zero byte.
    public let text: String

    /// A name that somebody chose on purpose.
    public init(_ text: String) throws(LaunchError) {
        guard !text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) else {
            throw .slashInRemoteName
        }
        guard !text.utf8.contains(0) else {
            throw .badOption(name: "remote_name", wanted: "text without a zero byte")
        }
        self.text = text
    }

    /// The usual name: `user@host:pid`.
    public init(user: String, host: String, pid: Int32) {
        self.init(replacingSlashesIn: "\(user)@\(host):\(pid)")
    }

    /// The plan's `remote_name` option, else the context's name; nil when there is neither.
    init?(_ plan: LaunchPlan) throws(LaunchError) {
        switch plan.options.last(where: { $0.key == "remote_name" })?.value {
        case .text(let text)?: try self.init(text.string)
        case nil, Value.none?:
            guard !plan.remoteName.isEmpty else { return nil }
            self.init(replacingSlashesIn: plan.remoteName)
        default: throw .badOption(name: "remote_name", wanted: "text")
        }
    }

    /// A slash would look like a path.
    private init(replacingSlashesIn text: String) {
        self.text = String(text.map { $0 == "/" || $0 == "\\" || $0 == "\0" ? "_" : $0 })
    }
}
