import Glibc
import Logging
public import MitoCore
public import MitoLinux
import Synchronization

/// Where a program's log goes, and how much of the tree's is in it.
///
///     var log = LogSettings.ofEnvironment
///     log.path = "run.log"
///     try log.install()
///
/// A line is `12:34:56 I mitoscope.ctx.web: stdout: hello`: local time, the first letter of the level, the label, the
/// text. What contexts below log, down to the same level, is there too: children inherit it.
public struct LogSettings: Hashable, Sendable {
    /// The least that is logged.
    public var level: Level
    /// The file that is appended to; nil = stderr.
    public var path: String?
    /// Times to the microsecond.
    public var hasMicroseconds = false

    public init(level: Level = .info, path: String? = nil) {
        self.level = level
        self.path = path
    }

    /// What is logged, the least first.
    public enum Level: String, CaseIterable, Hashable, Sendable {
        case critical, error, warning, notice, info, debug, trace
        /// All, and each read and write of a link besides, from label `mitoscope.io`.
        case io

        /// The same for swift-log.
        var loggerLevel: Logger.Level {
            switch self {
            case .critical: .critical
            case .error: .error
            case .warning: .warning
            case .notice: .notice
            case .info: .info
            case .debug: .debug
            case .trace, .io: .trace
            }
        }
    }

    /// At the level that `MITOSCOPE_LOG_LEVEL` names, `info` when it is unset. A word that is none is complained of on
    /// stderr.
    public static var ofEnvironment: LogSettings {
        guard let word = Machine.environmentVariable(levelVariable) else { return LogSettings() }
        guard let level = Level(rawValue: word.lowercased()) else {
            let words = Level.allCases.map(\.rawValue).joined(separator: ", ")
            let complaint = "\(levelVariable) is '\(word)' and is taken for 'info'; it can be \(words)\n"
            if let stderr = try? FileDescriptor.duplicate(of: 2) { _ = try? stderr.write(Array(complaint.utf8)) }
            return LogSettings()
        }
        return LogSettings(level: level)
    }

    /// Makes swift-log of this process write as these settings say. Once only, before the first `Logger`; a program
    /// that has a logging of its own leaves it out.
    ///
    /// - Throws: when the file cannot be opened.
    public func install() throws(SystemError) {
        let output = try LogStream(path: path)
        let settings = self
        LoggingSystem.bootstrap { TextLogHandler(label: $0, settings: settings, output: output) }
    }

    static let levelVariable = "MITOSCOPE_LOG_LEVEL"
}

extension Node.Configuration {
    /// The level that children inherit.
    public mutating func log(at level: LogSettings.Level) {
        logLevel = level.loggerLevel.python
        isIOLogged = level == .io
    }
}

/// One line of text for each entry.
private struct TextLogHandler: LogHandler {
    let label: String
    let settings: LogSettings
    let output: LogStream
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, settings: LogSettings, output: LogStream) {
        self.label = label
        self.settings = settings
        self.output = output
        logLevel = settings.level.loggerLevel
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let letter = "\(event.level)".prefix(1).uppercased()
        let time = WallClock.now.text(hasMicroseconds: settings.hasMicroseconds)
        output.write("\(time) \(letter) \(label): \(event.message)\n")
    }
}

/// Lines to one descriptor, each in one write.
final class LogStream: Sendable {
    private let descriptor: FileDescriptor

    /// Appends to a file, or writes to stderr.
    init(path: String?) throws(SystemError) {
        if let path {
            descriptor = try FileDescriptor.appending(to: path)
        } else {
            descriptor = try FileDescriptor.duplicate(of: 2)
        }
    }

    /// A full disk costs the line, never the program.
    func write(_ line: String) { _ = try? descriptor.write(Array(line.utf8)) }
}
