import Glibc
import MitoCore
import MitoLinux
import Testing

@testable import MitoLive

/// Stdio belongs to a whole process, so each test has one of its own; it ends while stdio is still captured.
@Suite(.timeLimit(.minutes(1))) struct StdioTests {
    @Test func `what a context prints becomes records, line by line`() async {
        await #expect(processExitsWith: .success) {
            let (capture, watchlist) = try Self.captured()
            print("hello", "world")
            errno = 0
            perror("a problem")
            #expect(write(2, "partly", 6) == 6)
            let records = Self.read(capture, watchlist, until: 2)
            #expect(
                records == [
                    LogRecord(logger: "stdout", level: 20, message: "hello world"),
                    LogRecord(logger: "stderr", level: 20, message: "a problem: Success"),
                ])
            capture.close()
            var rest: [LogRecord] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while !capture.isAtEnd {
                for case .stdio(let channel) in Self.news(watchlist).map(\.owner) {
                    rest += capture.read(channel, into: &buffer, on: watchlist)
                }
            }
            #expect(rest == [LogRecord(logger: "stderr", level: 20, message: "partly")])
            exit(EXIT_SUCCESS)
        }
    }

    @Test func `what a program that was started here prints becomes records too`() async {
        await #expect(processExitsWith: .success) {
            let (capture, watchlist) = try Self.captured()
            #expect(system("echo one; echo two") == 0)
            #expect(Self.read(capture, watchlist, until: 2).map(\.message) == ["one", "two"])
            exit(EXIT_SUCCESS)
        }
    }

    @Test func `bytes that are no text are shown as such`() async {
        await #expect(processExitsWith: .success) {
            let (capture, watchlist) = try Self.captured()
            #expect(write(1, [0x61, 0xFF, 0x0A] as [UInt8], 3) == 3)
            #expect(Self.read(capture, watchlist, until: 1).map(\.message) == ["a\u{FFFD}"])
            exit(EXIT_SUCCESS)
        }
    }

    private static func captured() throws -> (StdioCapture, Watchlist) {
        let watchlist = Watchlist(PollPoller())
        return (try StdioCapture(on: watchlist, hasErrorReader: false), watchlist)
    }

    /// Reads until there are so many lines, stdout's before stderr's.
    private static func read(_ capture: StdioCapture, _ watchlist: Watchlist, until count: Int) -> [LogRecord] {
        var records: [LogRecord] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while records.count < count {
            for news in news(watchlist) {
                guard case .stdio(let channel) = news.owner else { continue }
                records += capture.read(channel, into: &buffer, on: watchlist)
            }
        }
        return records
    }

    private static func news(_ watchlist: Watchlist) -> [Watchlist.News] {
        var news: [Watchlist.News] = []
        watchlist.wait(milliseconds: -1, into: &news)
        return news
    }
}
