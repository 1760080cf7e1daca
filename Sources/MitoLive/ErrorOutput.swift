import MitoLinux

/// The stderr that a context was started with, for its parent alone: what is captured from the new one goes there too,
/// and the last words of a crash. So a parent can say what a child said at last, when the child cannot.
final class ErrorOutput {
    private let descriptor: FileDescriptor

    /// What is stderr now.
    init() throws(SystemError) {
        let descriptor = try FileDescriptor.duplicate(of: StdioCapture.Channel.stderr.rawValue)
        try descriptor.setNonblocking()
        self.descriptor = descriptor
    }

    /// From now on the last words of this process go there too, with what nobody has read from `captured`.
    func prepareLastWords(from captured: borrowing FileDescriptor) throws(SystemError) {
        try LastWords.prepare(to: descriptor, from: captured)
    }

    /// What a parent does not read in time is lost, and never waited for.
    func write(_ bytes: [UInt8]) { _ = try? descriptor.write(bytes) }
}
