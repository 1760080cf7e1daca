import Glibc
import MitoCore
import MitoLinux
import MitoTrace

/// The file that all contexts of a live run append to, read as it grows. It is removed with its last owner.
final class TraceTail {
    let path: String
    private let output: FileDescriptor
    private let input: Int32
    private var reader = TraceReader()
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// Makes a new file with this header in the folder for temporary files.
    init(header: TraceHeader) throws {
        (path, input) = try Self.makeFile(in: Machine.environmentVariable("TMPDIR") ?? "/tmp")
        output = try FileDescriptor.appending(to: path)
        var writer = TraceWriter()
        writer.write(header)
        _ = try output.write(writer.take())
    }

    /// A file that was not there before, which nobody else may read.
    private static func makeFile(in folder: String) throws -> (path: String, descriptor: Int32) {
        for number in 1...10_000 {
            let path = "\(folder)/mitoscope-\(Machine.processID)-\(number).trace"
            let descriptor = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            let code = errno
            if descriptor >= 0 { return (path, descriptor) }
            if code != EEXIST { throw SystemError("open \(path)", code) }
        }
        throw SystemError("open", EEXIST)
    }

    deinit {
        close(input)
        unlink(path)
    }

    /// Appends a mark of the runner's own, whole and at the end, as contexts do.
    func append(_ event: Event, of context: ContextID = .master) throws {
        var writer = TraceWriter()
        writer.write(TraceRecord(index: 0, context: context, event: event, hash: 0))
        _ = try output.write(writer.take())
    }

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
