import Logging
import MitoCore

/// Where the records of a tree come out: the root's swift-log.
///
/// A record keeps what it was: its context, its logger and its text are metadata of the entry.
struct LogOutput {
    private var logger = Logger(label: "mitoscope")

    init() { logger.logLevel = .trace }

    /// Writes one record of `context`, which is called `name` here.
    func write(_ record: LogRecord, from context: ContextID, name: String?) {
        logger.log(
            level: Self.level(record.level),
            "\(record.logger).[\(name ?? "\(context)")]: \(record.message)",
            metadata: [
                "context": "\(context)", "logger": "\(record.logger)", "message": "\(record.message)",
            ])
    }

    /// Python's numbers, in swift-log's words.
    private static func level(_ number: Int) -> Logger.Level {
        switch number {
        case ..<10: .trace
        case ..<20: .debug
        case ..<30: .info
        case ..<40: .warning
        case ..<50: .error
        default: .critical
        }
    }
}
