/// What a child process calls itself: `mitogen:NAME` in `ps`. It says who started it and has no other meaning.
public struct RemoteName: Hashable, Sendable {
    public let text: String

    /// A name that somebody chose.
    public init(_ text: String) throws(LaunchError) {
        guard !text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) else {
            throw .slashInRemoteName
        }
        guard !text.utf8.contains(0) else {
            throw .badOption(name: "remote_name", wanted: "text without a zero byte")
        }
        self.text = text
    }

    /// The usual name: `user@host:pid`, with `_` for every slash and backslash.
    public init(user: String, host: String, pid: Int32) {
        let name = "\(user)@\(host):\(pid)"
        text = String(name.map { $0 == "/" || $0 == "\\" || $0 == "\0" ? "_" : $0 })
    }
}
