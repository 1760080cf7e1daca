/// What the kernel says of a process, or of one of its threads, in its file `stat` below `/proc`.
///
///     ProcessStatus(of: "/proc/4711/stat")?.parent
public struct ProcessStatus: Hashable, Sendable {
    /// R, S, D …; T and t = stopped, Z = ended and not collected.
    public let state: Character
    /// The number of the process that started it, or that takes care of it since that one has ended.
    public let parent: Int32
    /// PF_EXITING and others.
    let flags: UInt32

    /// Reads such a file. Nil when there is none, or no process any more.
    public init?(of path: String) {
        guard let text = Machine.text(of: path) else { return nil }
        self.init(text)
    }

    /// The name in parentheses may hold anything, so what counts stands after the last one: the state, the parent, four
    /// numbers, the flags.
    init?(_ text: String) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 6, let state = fields[0].first, let parent = Int32(fields[1]),
            let flags = UInt32(fields[6])
        else { return nil }
        (self.state, self.parent, self.flags) = (state, parent, flags)
    }

    /// Has it stopped or ended?
    public var isStill: Bool { "TtZX".contains(state) }
}
