import MitoCore
import MitoLinux
import MitoTrace

/// The file to which a context appends what happened in it: one for all contexts of a host, or one for each.
///
/// The lines of a turn land in one write, before any byte of that turn is on a link. So whatever a frame causes
/// elsewhere stands further down in a shared file than its sending: the file's order is a causal order. Where the path
/// ends in `/` it is a folder, and each context has a file of its own there, `context-ID.PID.trace`, which is how a
/// tree over several hosts is recorded; `mitoscope merge` joins them.
struct TraceFile: ~Copyable {
    private let path: String
    private let isRoot: Bool
    private var file: Output?
    private var writer = TraceWriter()

    /// Appends to `path`, which is made when it is not there; a file in a folder is made with its first events.
    ///
    /// - Parameter isRoot: a root begins a shared file that is empty.
    init(path: String, isRoot: Bool) throws(SystemError) {
        (self.path, self.isRoot) = (path, isRoot)
        if path.hasSuffix("/") {
            try FileDescriptor.makeFolder(path)
        } else {
            let shared = try FileDescriptor.appending(to: path)
            if isRoot, try shared.size() == 0 { writer.write(TraceHeader(world: "live")) }
            file = Output(shared)
        }
    }

    /// Appends the events of a turn. A full disk costs the trace and never the context.
    mutating func append(_ events: [Event], of context: ContextID) {
        guard !events.isEmpty else { return }
        if file == nil {
            guard let own = try? Self.make(in: path, for: context) else { return }
            file = Output(own)
            writer.write(TraceHeader(world: "live"))
        }
        for event in events { writer.write(TraceRecord(index: 0, context: context, event: event, hash: 0)) }
        let lines = writer.take()
        _ = try? file?.descriptor.write(lines)
    }

    /// A file that was not there before: two trees of one process have contexts of the same id.
    private static func make(in folder: String, for context: ContextID) throws(SystemError) -> FileDescriptor {
        var number = 1
        while true {
            let suffix = number == 1 ? "" : "-\(number)"
            do throws(SystemError) {
                return try .creating("\(folder)context-\(context).\(Machine.processID)\(suffix).trace")
            } catch {
                guard error.isAlreadyThere, number < treesMax else { throw error }
                number += 1
            }
        }
    }

    private static let treesMax = 1000

    private final class Output {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }
}
