import MitoCore
import MitoLinux

/// A context's own stdout and stderr, turned into log records: the stream to the parent is for frames only.
///
/// What is printed, here or by a program that was started here, reaches the root's log line by line, from loggers
/// `stdout` and `stderr`. Unlike with the original, a last line without an end is not lost. Whoever prints more than
/// the parent reads blocks, so that a flood fills no memory.
struct StdioCapture {
    /// Which of the two; the raw value is its descriptor number.
    enum Channel: Int32, Hashable, CaseIterable {
        case stdout = 1
        case stderr = 2
    }

    private let descriptors: [Captured]
    /// Where stderr goes as well.
    private let errors: ErrorOutput?
    /// Losing the last descriptor of a terminal would hang up on who started us.
    private let terminal: Terminal?

    private final class Captured {
        let channel: Channel
        let input: FileDescriptor
        var lines = LineSplitter()
        var isAtEnd = false

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
    ///
    /// - Parameter hasErrorReader: does the parent read the stderr that is replaced?
    init(on watchlist: Watchlist, hasErrorReader: Bool) throws(SystemError) {
        let errors = hasErrorReader ? try ErrorOutput() : nil
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
            if channel == .stderr { try errors?.prepareLastWords(from: captured.input) }
            descriptors.append(captured)
        }
        self.descriptors = descriptors
        self.errors = errors
        self.terminal = terminal
        FileDescriptor.lineBufferStdout()
    }

    /// Reads once; returns the lines that are complete, and at the end what has begun.
    func read(_ channel: Channel, into buffer: inout [UInt8], on watchlist: Watchlist) -> [LogRecord] {
        let captured = descriptors[channel == .stdout ? 0 : 1]
        switch take(from: captured, into: &buffer) {
        case .bytes(let count): return captured.lines.split(buffer[..<count]).map { Self.record($0, channel) }
        case .wouldBlock: return []
        case .closed, nil:
            watchlist.forget(captured.input.number)
            captured.isAtEnd = true
            return captured.lines.finish().map { [Self.record($0, channel)] } ?? []
        }
    }

    /// Is read while `isWanted`: what is not read makes whoever prints it wait.
    func watch(_ isWanted: Bool, on watchlist: Watchlist) {
        for captured in descriptors where !captured.isAtEnd {
            try? watchlist.watch(captured.input.number, for: .stdio(captured.channel), reads: isWanted)
        }
    }

    /// Lets go of what is still being printed and takes nothing new, here and in every process that has inherited
    /// stdio: both channels come to their end. Returns before that.
    func close() {
        let close: @Sendable () -> Void = {
            // The C library's buffer may have to wait until the loop has read what is before it.
            FileDescriptor.flushStdout()
            for channel in Channel.allCases { FileDescriptor.endWriting(channel.rawValue) }
        }
        do throws(SystemError) {
            try Thread("mito-flush", close).detach()
        } catch {
            for channel in Channel.allCases { FileDescriptor.endWriting(channel.rawValue) }
        }
    }

    /// Has everything been read that was printed before `close`?
    var isAtEnd: Bool { descriptors.allSatisfy(\.isAtEnd) }

    /// Whatever is taken from stderr is with the parent before anything else happens to this process.
    private func take(from captured: Captured, into buffer: inout [UInt8]) -> Transfer? {
        guard captured.channel == .stderr, let errors else { return try? captured.input.read(into: &buffer) }
        // Whoever says last words reads to the end.
        var result: Transfer?
        LastWords.passOn {
            result = try? captured.input.read(into: &buffer)
            if case .bytes(let count) = result { errors.write(Array(buffer[..<count])) }
        }
        return result
    }

    private static func record(_ line: [UInt8], _ channel: Channel) -> LogRecord {
        LogRecord(logger: "\(channel)", level: 20, message: String(decoding: line, as: UTF8.self))
    }
}
