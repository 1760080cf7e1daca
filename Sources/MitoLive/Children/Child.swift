import MitoCore
import MitoLinux

/// A process that a context has started, and what is known of it.
final class Child {
    private let handle: Shared<ChildProcess>
    var process: ChildProcess { _read { yield handle.value } }
    /// Its stderr, until its other end is closed.
    var errors: Shared<FileDescriptor>?
    /// Where it says why it could not enter its namespaces, until it has said so or has entered them.
    var report: Shared<FileDescriptor>?
    /// Whose namespaces it has entered.
    let leader: Leader?
    var lastLines = LastLines()
    /// How it ended, once that is known.
    private(set) var exit: ChildProcess.Exit?
    /// It lives on by itself: it is collected when it ends, and not waited for.
    var isReleased = false
    var schedule = ReapSchedule()
    /// When to look again; nil while its link is open.
    var nextLook: Instant?
    private var reported: [UInt8] = []

    init(_ process: consuming ChildProcess, errors: consuming FileDescriptor, leader: Leader?) {
        handle = Shared(process)
        self.errors = Shared(errors)
        self.leader = leader
    }

    /// Somebody else collects it.
    func handOver() -> Shared<ChildProcess> { handle }

    /// Has it ended? How is kept.
    func hasEnded() -> Bool {
        if exit == nil { exit = process.reap() }
        return exit != nil
    }

    /// How it ended and what it said at last; nil while it lives.
    func end() -> ChildEnd? {
        guard hasEnded(), let exit else { return nil }
        var end = ChildEnd(status: exit.explanation)
        // A container that stops ends whatever is in it.
        if case .signal = exit, let leader, leader.handle.isEnding { end.status += ", as \(leader.title) has stopped" }
        end.lastLines = lastLines.finish()
        end.function = lastLines.function
        return end
    }

    /// More of its report. True when it is complete: one line, of which no more is kept than anybody reads.
    func addToReport(_ bytes: some Collection<UInt8>) -> Bool {
        reported += bytes.prefix(max(0, Self.reportBytesMax - reported.count))
        return bytes.contains(UInt8(ascii: "\n"))
    }

    /// Why it could not enter its namespaces; nil when it has said nothing.
    func failure() -> StreamError? {
        let line = String(decoding: reported.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard !line.isEmpty else { return nil }
        let title = leader?.title ?? "the namespaces"
        // STAGE ERRNO TEXT: the text is a sentence that says all.
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3 else { return StreamError("\(title) could not be entered: \(line)") }
        return StreamError("\(title) could not be entered (\(words[0])): \(words[2])")
    }

    private static let reportBytesMax = 4096
}
