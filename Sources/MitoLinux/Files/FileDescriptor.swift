import CMitoLinux
import Glibc

/// A file descriptor with one owner, closed when the owner lets go of it.
///
///     let log = try FileDescriptor.appending(to: "run.trace")
///     let moved = try log.write(lines)
public struct FileDescriptor: ~Copyable, Sendable {
    /// The kernel's number for it; only good while this value lives.
    public let number: Int32

    /// Takes over a descriptor that nobody else will close.
    public init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// A second descriptor for what `number` is open on: close-on-exec, never 0, 1 or 2.
    public static func duplicate(of number: Int32) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("fcntl") { mito_duplicate(number) })
    }

    /// Opens `path` for appending; every write lands whole at the end, whoever else writes.
    public static func appending(to path: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("open") { open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600) })
    }

    /// Makes a new file that only its owner may read. What is there already, a symbolic link too, is an error.
    public static func creating(_ path: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try system("open") {
                open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            })
    }

    /// Makes a file that is in memory alone, and gone with its last descriptor. It may be run as a program.
    public static func inMemory(_ name: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("memfd_create") { mito_memory_file(name) })
    }

    /// From now on nobody, root of a container included, can change what a file in memory holds.
    public borrowing func seal() throws(SystemError) {
        let number = number
        try system("fcntl") { mito_seal(number) }
    }

    /// Opens `path` for reading.
    public static func reading(_ path: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("open") { open(path, O_RDONLY | O_CLOEXEC) })
    }

    /// Opens `path` for writing, with nothing in it; a new file has the rights that the process gives to files.
    public static func replacing(_ path: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("open") { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) })
    }

    /// Makes a folder that only its owner may look into; one that is there stays as it is.
    public static func makeFolder(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            try system("mkdir") { mkdir(path, 0o700) }
        } catch {
            if !error.isAlreadyThere { throw error }
        }
    }

    /// How many bytes a file has.
    public borrowing func size() throws(SystemError) -> Int64 {
        var status = stat()
        let number = number
        try system("fstat") { fstat(number, &status) }
        return Int64(status.st_size)
    }

    /// What a file holds, wherever it is read or written just now; no more of it than `bytesMax`.
    public borrowing func contents(bytesMax: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let number = number
        let count = try bytes.withUnsafeMutableBytes { room in
            Result { () throws(SystemError) in
                try system("pread") { pread(number, room.baseAddress, room.count, 0) }
            }
        }.get()
        return Array(bytes[..<count])
    }

    /// Something to read from that is at its end: `/dev/null`, or a pipe where a root holds no `/dev`.
    public static func empty() throws(SystemError) -> FileDescriptor {
        if let null = try? reading("/dev/null") { return null }
        return try Pipe().closingInput()
    }

    /// Makes `number`, one of 0, 1 and 2, another name for this descriptor.
    public borrowing func install(as number: Int32) throws(SystemError) {
        let mine = self.number
        try system("dup2") { dup2(mine, number) }
    }

    /// Makes `number` another name for this descriptor, and lets the program that this process becomes have it.
    public borrowing func handOver(as number: Int32) throws(SystemError) {
        let mine = self.number
        if mine == number {
            try system("fcntl") { mito_set_close_on_exec(mine, 0) }
        } else {
            try system("dup2") { dup2(mine, number) }
        }
    }

    /// Lets reads and writes answer `.wouldBlock`. Affects everybody who shares the open file.
    public borrowing func setNonblocking(_ isOn: Bool = true) throws(SystemError) {
        let number = number
        try system("fcntl") { mito_set_nonblocking(number, isOn ? 1 : 0) }
    }

    /// How much a socket takes while its peer does not read.
    borrowing func setSendBuffer(bytes: Int32) throws(SystemError) {
        var bytes = bytes
        let number = number
        try system("setsockopt") {
            setsockopt(number, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// Lets every line of stdout leave at once, also when it is no terminal.
    public static func lineBufferStdout() { mito_line_buffer_stdout() }

    /// Hands what stdout has buffered to the system; waits until that has taken it.
    public static func flushStdout() { mito_flush_stdout() }

    /// Ends what a socket sends, whoever else holds it. Nothing happens when `number` is no socket.
    public static func endWriting(_ number: Int32) { shutdown(number, Int32(SHUT_WR)) }

    /// Is it a terminal?
    public static func isTerminal(_ number: Int32) -> Bool { isatty(number) == 1 }

    /// Reads into `buffer` once.
    public borrowing func read(into buffer: inout [UInt8]) throws(SystemError) -> Transfer {
        let number = number
        return try buffer.withUnsafeMutableBytes { room in
            Result { () throws(SystemError) in
                try transfer("read") { Glibc.read(number, room.baseAddress, room.count) }
            }
        }.get()
    }

    /// Writes `bytes`, those before `start` excepted, once. The caller's thread has SIGPIPE blocked, see `Thread`.
    public borrowing func write(_ bytes: [UInt8], from start: Int = 0) throws(SystemError) -> Transfer {
        let number = number
        guard start < bytes.count else { return .bytes(0) }
        return try bytes.withUnsafeBytes { bytes in
            Result { () throws(SystemError) in
                try transfer("write") { Glibc.write(number, bytes.baseAddress! + start, bytes.count - start) }
            }
        }.get()
    }

    /// Sends `bytes` through a socket, those before `start` excepted, once. A peer that is gone is an answer here, and
    /// no signal, on whatever thread.
    public borrowing func send(_ bytes: [UInt8], from start: Int = 0) throws(SystemError) -> Transfer {
        let number = number
        guard start < bytes.count else { return .bytes(0) }
        return try bytes.withUnsafeBytes { bytes in
            Result { () throws(SystemError) in
                try transfer("send") {
                    Glibc.send(number, bytes.baseAddress! + start, bytes.count - start, Int32(MSG_NOSIGNAL))
                }
            }
        }.get()
    }

    /// Reads to the end; nil when there is more than `bytesMax`.
    public borrowing func readAll(bytesMax: Int) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while case .bytes(let count) = try read(into: &buffer) {
            guard count <= bytesMax - bytes.count else { return nil }
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// Writes all of `bytes`; waits where that takes time. False when nobody reads them any more.
    public borrowing func writeAll(_ bytes: [UInt8]) throws(SystemError) -> Bool {
        var start = 0
        while start < bytes.count {
            guard case .bytes(let count) = try write(bytes, from: start) else { return false }
            start += count
        }
        return true
    }

    consuming func movedAboveStdio() throws(SystemError) -> FileDescriptor {
        guard number <= 2 else { return self }
        return try FileDescriptor.duplicate(of: number)
    }
}
