/// How the process of a child ended, as far as its driver knows when the link is gone: so that whoever waited for the
/// child learns more than that it is not there any more.
///
/// ```swift
/// var end = ChildEnd(status: "signal 11 (SIGSEGV)")
/// end.function = "demo.index"
/// node.linkClosed(link, end, at: now)
/// ```
public struct ChildEnd: Hashable, Sendable {
    /// `signal 9 (SIGKILL)`, `exit 1`.
    public var status: String
    /// The function that ran, where the process could still say so.
    public var function: String?
    /// What it wrote to its stderr at last, the oldest line first.
    public var lastLines: [String] = []

    public init(status: String) { self.status = status }

    /// Did it end of its own accord, and found nothing wrong?
    var isOrderly: Bool { status == "exit 0" }

    /// One sentence, and the lines below it.
    func text(about context: ContextID, _ name: String?) -> String {
        let name = name.map { " (\($0))" } ?? ""
        let work = function.map { " while it ran \($0)" } ?? ""
        let sentence = "context \(context)\(name) ended: \(status)\(work)"
        return (lastLines.isEmpty ? sentence : "\(sentence); its last lines:\n\(lines)").cut(to: Self.textScalarsMax)
    }

    /// The lines, and the status below them: for a child that never came up.
    var bootText: String { lastLines.isEmpty ? status : "\(lines)\n\(status)" }

    private var lines: String { lastLines.joined(separator: "\n") }

    /// It travels: a limit for what each neighbour passes on.
    static let textScalarsMax = 8_000
}
