import MitoCore
import MitoLinux

/// A context's own stdout and stderr, turned into log records: the stream to the parent is for frames only.
///
/// What is printed, here or by a program that was started here, reaches the root's log line by line, from loggers
/// `stdout` and `stderr`. Unlike with the original, a last line without an end is not lost.
struct StdioCapture {
    /// Which of the two; the raw value is its descriptor number.
    enum Channel: Int32, Hashable, CaseIterable {
        case stdout = 1
        case stderr = 2
    }

    private let descriptors: [Captured]
    /// Losing the last descriptor of a terminal would hang up on who started us.
    private let terminal: Terminal?

    private final class Captured {
        let channel: Channel
        let input: FileDescriptor
        var lines = LineSplitter()

        init(_ channel: Channel, _ input: consuming FileDescriptor) {
            self.channel = channel
            self.input = input
        }
    }

    private final class Terminal {
        private let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    /// Replaces 1 and 2 of this process. They block, so that a program can print as much as it likes.
    init(on watchlist: Watchlist) throws(SystemError) {
        let terminal =
            FileDescriptor.isTerminal(Channel.stderr.rawValue)
            ? Terminal(try FileDescriptor.duplicate(of: Channel.stderr.rawValue)) : nil
        var descriptors: [Captured] = []
        for channel in Channel.allCases {
            let pair = try SocketPair()
            try pair.near.setNonblocking()
            try pair.far.install(as: channel.rawValue)
            let captured = Captured(channel, pair.closingFar())
            try watchlist.watch(captured.input.number, for: .stdio(channel), reads: true)
            descriptors.append(captured)
        }
        self.descriptors = descriptors
        self.terminal = terminal
        FileDescriptor.lineBufferStdout()
    }

    /// When this process crashes, what nobody has read of its stderr goes to `errors`.
    func prepareLastWords(to errors: borrowing FileDescriptor) throws(SystemError) {
        for captured in descriptors where captured.channel == .stderr {
            try LastWords.prepare(to: errors, from: captured.input)
        }
    }

    /// Has a line begun that has not ended?
    var hasPartialLine: Bool { descriptors.contains { !$0.lines.partial.isEmpty } }

    /// Reads once; returns the lines that are complete.
    func read(_ channel: Channel, into buffer: inout [UInt8]) -> [LogRecord] {
        let captured = descriptors[channel == .stdout ? 0 : 1]
        guard case .bytes(let count) = try? captured.input.read(into: &buffer) else { return [] }
        return captured.lines.split(buffer[..<count]).map { Self.record($0, channel) }
    }

    /// The lines that will not be completed any more.
    func finish() -> [LogRecord] {
        descriptors.compactMap { captured in captured.lines.finish().map { Self.record($0, captured.channel) } }
    }

    private static func record(_ line: [UInt8], _ channel: Channel) -> LogRecord {
        LogRecord(logger: "\(channel)", level: 20, message: String(decoding: line, as: UTF8.self))
    }
}
