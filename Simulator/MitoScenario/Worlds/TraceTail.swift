import Glibc
import MitoCore
import MitoLinux
import MitoTrace

/// The file that all contexts of a live run append to, read as it grows.
///
/// It has no name in any folder: contexts reach it through this process's descriptor. So it goes with its last user,
/// however that one ends.
final class TraceTail {
    /// Where contexts of this run open it: no other run's do.
    let path: String
    /// Where this process opens it.
    let ownPath: String
    /// The runner's own hand in the file.
    let marks: TraceMarks
    private let input: FileDescriptor
    private var reader = TraceReader()
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// Makes a new file with this header in the folder for temporary files.
    init(header: TraceHeader) throws {
        input = try Self.makeFile(in: Machine.environmentVariable("TMPDIR") ?? "/tmp")
        path = "/proc/\(Machine.processID)/fd/\(input.number)"
        ownPath = path
        marks = try TraceMarks(path: path, header: header)
    }

    /// Takes a file that is there already and empty.
    ///
    /// - Parameters:
    ///   - input: open for reading; somebody else closes it.
    ///   - output: open for appending; somebody else closes it.
    ///   - path: where contexts open it.
    init(header: TraceHeader, input: Int32, output: Int32, path: String) throws {
        self.input = try FileDescriptor.duplicate(of: input)
        self.path = path
        ownPath = "/proc/\(Machine.processID)/fd/\(output)"
        marks = try TraceMarks(path: ownPath, header: header)
    }

    /// A file that was not there before, which nobody else may read, and whose name is gone at once.
    private static func makeFile(in folder: String) throws -> FileDescriptor {
        for number in 1...10_000 {
            let path = "\(folder)/mitoscope-\(Machine.processID)-\(number).trace"
            let descriptor = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            let code = errno
            if descriptor >= 0 {
                unlink(path)
                return FileDescriptor(owning: descriptor)
            }
            if code != EEXIST { throw SystemError("open \(path)", code) }
        }
        throw SystemError("open", EEXIST)
    }

    /// The records of all lines that are whole by now and were not read before.
    func read() throws -> [TraceRecord] {
        var records: [TraceRecord] = []
        while true {
            guard case .bytes(let count) = try input.read(into: &buffer) else { return records }
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
