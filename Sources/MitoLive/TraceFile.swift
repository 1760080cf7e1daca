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
    ///
    /// - Parameter isRoot: a root begins a file that is empty.
    init(path: String, isRoot: Bool) throws(SystemError) {
        let file = try FileDescriptor.appending(to: path)
        if isRoot, try file.size() == 0 { writer.write(TraceHeader(world: "live")) }
        self.file = file
    }

    /// Appends the events of a turn. A full disk costs the trace and never the context.
    mutating func append(_ events: [Event], of context: ContextID) {
        guard !events.isEmpty else { return }
        for event in events { writer.write(TraceRecord(index: 0, context: context, event: event, hash: 0)) }
        let lines = writer.take()
        _ = try? file.write(lines)
    }
}
