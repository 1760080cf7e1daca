import CMitoLinux
import Glibc

/// A process that somebody else started, held by a pidfd: what is learned of it is never learned of its successor.
///
///     let leader = try HeldProcess(pid: 4711)
///     let network = try Namespace.Identity(of: "ns/net", below: leader.folderNumber)
///     guard leader.isAlive else { … }
public final class HeldProcess: Sendable {
    /// Its number here.
    public let pid: Int32
    private let handle: FileDescriptor
    /// `/proc/PID`, which is of this process and no other, and empty once it has ended.
    private let folder: FileDescriptor

    /// Gets hold of the process that has this number now.
    public convenience init(pid: Int32) throws(SystemError) {
        try self.init(handle: FileDescriptor(owning: system("pidfd_open") { mito_pidfd_open(pid) }))
    }

    /// Takes over a pidfd. ESRCH = the process has ended, or cannot be seen from here; EBADF = it is no pidfd.
    public init(handle: consuming FileDescriptor) throws(SystemError) {
        let number = try Self.pid(of: handle.number)
        guard number > 0 else { throw SystemError("pidfd_open", ESRCH) }
        folder = FileDescriptor(
            owning: try system("open") { mito_open_folder(AT_FDCWD, "/proc/\(number)", 1) })
        pid = number
        self.handle = handle
        // Alive after the folder was opened by its number: so the number was its own all the while.
        guard isAlive else { throw SystemError("pidfd_open", ESRCH) }
    }

    /// Has it not ended?
    public var isAlive: Bool {
        var watched = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) == 0
    }

    /// A pidfd of it; only good while this value lives.
    public var number: Int32 { handle.number }

    /// Makes `number` a pidfd of it, and lets the program that this process becomes have that.
    public func handOver(as number: Int32) throws(SystemError) { try handle.handOver(as: number) }

    /// Its folder in `/proc`; only good while this value lives.
    public var folderNumber: Int32 { folder.number }

    /// What the kernel says that a pidfd is of: -1 = of a process that has ended, 0 = of one that is not seen here.
    private static func pid(of handle: Int32) throws(SystemError) -> Int32 {
        let text = try FileDescriptor.reading("/proc/self/fdinfo/\(handle)").readAll(bytesMax: 64 * 1024)
        let lines = String(decoding: text ?? [], as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("Pid:") }),
            let pid = Int32(line.dropFirst(4).drop { $0 == "\t" || $0 == " " })
        else { throw SystemError("pidfd_open", EBADF) }
        return pid
    }
}
