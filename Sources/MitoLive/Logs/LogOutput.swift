import Logging
import MitoCore

/// Where the records of a tree come out: the root's swift-log.
///
/// A record of context `web` comes from label `mitoscope.ctx.web`, what this process says itself from `mitoscope`. A
/// forwarded record keeps what it was: its context, its logger and its text are metadata of the entry.
struct LogOutput {
    /// Writes one record of `context`, which is called `name` here; `own` is this process's own context.
    func write(_ record: LogRecord, from context: ContextID, name: String?, own: ContextID) {
        var logger = Logger(label: context == own ? "mitoscope" : "mitoscope.ctx.\(name ?? "\(context)")")
        // Its own context has filtered it already.
        logger.logLevel = .trace
        let isSelf = context == own && record.logger == logger.label
        let text = isSelf ? record.message : "\(record.logger): \(record.message)"
        logger.log(
            level: Logger.Level(python: record.level), "\(text)",
            metadata: isSelf ? nil : metadata(of: record, from: context, isPrinted: logger.handler is StreamLogHandler))
    }

    /// A handler that only prints would say the text twice.
    private func metadata(of record: LogRecord, from context: ContextID, isPrinted: Bool) -> Logger.Metadata {
        let place: Logger.Metadata = ["context": "\(context)", "logger": "\(record.logger)"]
        return isPrinted ? place : place.merging(["message": "\(record.message)"]) { $1 }
    }

    /// Writes what one of this process's links did.
    func write(io text: String) { Logger(label: "mitoscope.io").debug("\(text)") }
}

extension Logger.Level {
    /// Python's numbers, in swift-log's words.
    init(python number: Int) {
        self =
            switch number {
            case ..<10: .trace
            case ..<20: .debug
            case ..<30: .info
            case ..<40: .warning
            case ..<50: .error
            default: .critical
            }
    }

    /// The same in Python's numbers, which records travel with.
    var python: Int {
        switch self {
        case .trace: 5
        case .debug: 10
        case .info, .notice: 20
        case .warning: 30
        case .error: 40
        case .critical: 50
        }
    }
}
