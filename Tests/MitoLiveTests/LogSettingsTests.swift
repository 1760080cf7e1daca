import TestSupport
import Glibc
import Logging
import MitoCore
import MitoLinux
import Synchronization
import Testing

@testable import MitoLive

/// What a program's own swift-log shows. It can be set up once in a process, so each test has one of its own.
@Suite(.timeLimit(.minutes(1))) struct LogSettingsTests {
    @Test func `a forwarded record keeps its context, its logger and its text as metadata`() async {
        await #expect(processExitsWith: .success) {
            let entries = Entries()
            LoggingSystem.bootstrap { EntryHandler(label: $0, entries: entries) }
            let record = LogRecord(logger: "demo", level: 30, message: "hot")
            LogOutput().write(record, from: ContextID(7), name: "web", own: .master)
            let own = LogRecord(logger: "mitoscope", level: 30, message: "context 2 ended")
            LogOutput().write(own, from: .master, name: nil, own: .master)
            LogOutput().write(io: "link 1: 3 bytes in")
            let seen = entries.all.withLock { $0 }
            #expect(seen.map(\.label) == ["mitoscope.ctx.web", "mitoscope", "mitoscope.io"])
            #expect(seen.map(\.level) == [.warning, .warning, .debug])
            #expect(seen[0].text == "demo: hot")
            #expect(seen[1].text == "context 2 ended" && seen[1].metadata == [:])
            #expect(seen[0].metadata == ["context": "7", "logger": "demo", "message": "hot"])
        }
    }

    @Test func `a handler that only prints says the text once`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
            let record = LogRecord(logger: "demo", level: 30, message: "hot")
            LogOutput().write(record, from: ContextID(7), name: "web", own: .master)
        }
        let text = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
        #expect(text.contains("context=7") && text.split(separator: "hot").count == 2, "\(text)")
    }

    @Test(arguments: [false, true])
    func `a line has its time, to the microsecond on request`(hasMicroseconds: Bool) async throws {
        await #expect(processExitsWith: .success) { [hasMicroseconds] in
            let folder = try TemporaryFolder()
            var log = LogSettings(level: .warning, path: folder.path + "/log")
            log.hasMicroseconds = hasMicroseconds
            try log.install()
            Logger(label: "demo").warning("hot")
            Logger(label: "demo").info("this is not wanted")
            let text = Processes.read(folder.path + "/log") ?? ""
            #expect(text.hasSuffix(" W demo: hot\n"))
            let time = text.prefix { $0 != " " }
            #expect((try? (hasMicroseconds ? /\d\d:\d\d:\d\d\.\d{6}/ : /\d\d:\d\d:\d\d/).wholeMatch(in: time)) != nil)
        }
    }

    @Test func `a level that is none is complained of, and info is taken`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            setenv("MITOSCOPE_LOG_LEVEL", "loud", 1)
            #expect(LogSettings.ofEnvironment.level == .info)
        }
        let text = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) }
        #expect(text?.contains("MITOSCOPE_LOG_LEVEL is 'loud' and is taken for 'info'") == true)
    }

    fileprivate final class Entries: Sendable {
        struct Entry {
            var label: String
            var level: Logger.Level
            var text: String
            var metadata: Logger.Metadata
        }

        let all = Mutex<[Entry]>([])
    }
}

/// Keeps what is logged.
private struct EntryHandler: LogHandler {
    let label: String
    let entries: LogSettingsTests.Entries
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(label: String, entries: LogSettingsTests.Entries) {
        self.label = label
        self.entries = entries
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let entry = LogSettingsTests.Entries.Entry(
            label: label, level: event.level, text: "\(event.message)", metadata: event.metadata ?? [:])
        entries.all.withLock { $0.append(entry) }
    }
}
