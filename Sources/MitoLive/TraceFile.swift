import MitoCore
import MitoLinux
import MitoTrace

/// The one file to which every context of a host appends what happened in it.
///
/// The lines of a turn land in one write, before any byte of that turn is on a link. So whatever a frame causes
/// elsewhere stands further down in the file than its sending: the file's order is a causal order.
struct TraceFile: ~Copyable {
    private let file: FileDescriptor
    private var writer = TraceWriter()

    /// Appends to `path`, which is made when it is not there.
    init(path: String) throws(SystemError) { file = try FileDescriptor.appending(to: path) }

    /// Appends the events of a turn. A full disk costs the trace and never the context.
    mutating func append(_ events: [Event], of context: ContextID) {
        guard !events.isEmpty else { return }
        for event in events { writer.write(TraceRecord(index: 0, context: context, event: event, hash: 0)) }
        let lines = writer.take()
        _ = try? file.write(lines)
    }
}
