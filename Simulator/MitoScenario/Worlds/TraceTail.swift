import Glibc
import MitoCore
import MitoLinux
import MitoTrace

/// The file that all contexts of a live run append to, read as it grows.
///
/// It has no name in any folder: contexts reach it through this process's descriptor. So it goes with its last user,
/// however that one ends.
final class TraceTail {
    /// Where contexts of this run open it, as long as this process lives.
    let path: String
    /// The runner's own hand in the file.
    let marks: TraceMarks
    private let input: Int32
    private var reader = TraceReader()
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// Makes a new file with this header in the folder for temporary files.
    init(header: TraceHeader) throws {
        input = try Self.makeFile(in: Machine.environmentVariable("TMPDIR") ?? "/tmp")
        path = "/proc/\(Machine.processID)/fd/\(input)"
        marks = try TraceMarks(path: path, header: header)
    }

    /// A file that was not there before, which nobody else may read, and whose name is gone at once.
    private static func makeFile(in folder: String) throws -> Int32 {
        for number in 1...10_000 {
            let path = "\(folder)/mitoscope-\(Machine.processID)-\(number).trace"
            let descriptor = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            let code = errno
            if descriptor >= 0 {
                unlink(path)
                return descriptor
            }
            if code != EEXIST { throw SystemError("open \(path)", code) }
        }
        throw SystemError("open", EEXIST)
    }

    deinit { close(input) }

    /// The records of all lines that are whole by now and were not read before.
    func read() throws -> [TraceRecord] {
        var records: [TraceRecord] = []
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(input, $0.baseAddress, $0.count) }
            guard count > 0 else { return records }
            let news = Array(buffer[..<count])
            records += try reader.read(news.span)
        }
    }
}

/// Appends the runner's own marks to the trace, whole and at the end, as contexts do.
final class TraceMarks: Sendable {
    private let file: FileDescriptor

    init(path: String, header: TraceHeader) throws {
        file = try FileDescriptor.appending(to: path)
        var writer = TraceWriter()
        writer.write(header)
        _ = try file.write(writer.take())
    }

    /// A full disk costs the mark, and the story then waits in vain; it never costs a process.
    func append(_ event: Event, of context: ContextID = .master) {
        var writer = TraceWriter()
        writer.write(TraceRecord(index: 0, context: context, event: event, hash: 0))
        _ = try? file.write(writer.take())
    }
}
