import CMitoLinux
import Glibc

/// A process that somebody else started, held by a pidfd: its number may be given to another one, this never is.
///
///     let leader = try ProcessHandle(of: 4711)
///     if leader.hasEnded { … }
public struct ProcessHandle: ~Copyable, Sendable {
    /// As it was looked up, for people.
    public let pid: Int32
    private let handle: FileDescriptor

    /// Takes hold of the process that has this number now.
    ///
    /// - Throws: `ESRCH` when there is none.
    public init(of pid: Int32) throws(SystemError) {
        self.pid = pid
        handle = FileDescriptor(owning: try system("pidfd_open") { mito_pidfd_open(pid) })
    }

    /// The pidfd: readable as soon as the process has ended.
    public var number: Int32 { handle.number }

    /// Is there nothing left of it but, perhaps, its status?
    public var hasEnded: Bool {
        var watched = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }

    /// Has it ended, or begun to? The first process of a pid namespace ends only after all others in it, and it is
    /// its end that ends them. Where there is no `/proc`, only the end itself is seen.
    public var isEnding: Bool {
        if hasEnded { return true }
        guard let file = try? FileDescriptor.reading("/proc/\(pid)/stat"),
            let bytes = try? file.readAll(bytesMax: 4096)
        else { return hasEnded }
        // The name in parentheses may hold anything, so what counts stands after the last one: state, five numbers,
        // and the flags.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return hasEnded }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > Self.flagsPlace, let flags = UInt32(fields[Self.flagsPlace]) else { return hasEnded }
        return flags & Self.exitingFlag != 0 || hasEnded
    }

    private static let flagsPlace = 6
    /// The kernel's PF_EXITING.
    private static let exitingFlag: UInt32 = 4
}
