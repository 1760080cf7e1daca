import Logging
import MitoCore
import Mitoscope
import Synchronization

/// In a context, what its code says to swift-log goes to the root's log, as a record of this context.
///
/// The label of a `Logger` becomes the record's logger. Metadata stands behind the text.
final class LogForwarding: Sendable {
    private let world: LoopWorld
    /// Records below it are not worth a turn of the loop. Everything is taken until the context knows what its parent
    /// wants.
    private let least = Atomic<Int>(0)

    init(_ world: LoopWorld) { self.world = world }

    /// Takes over swift-log for this process. Once only.
    func install() { LoggingSystem.bootstrap { Handler(label: $0, forwarding: self) } }

    /// From here on, less than this is not forwarded.
    func setLeastLevel(_ level: Int) { least.store(level, ordering: .relaxed) }

    private func forward(_ record: LogRecord) {
        guard record.level >= least.load(ordering: .relaxed) else { return }
        _ = world.submit("a log record") { agent, _, now in agent.node.log(record, at: now) }
    }

    private struct Handler: LogHandler {
        let label: String
        let forwarding: LogForwarding
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        init(label: String, forwarding: LogForwarding) {
            self.label = label
            self.forwarding = forwarding
        }

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let text = all.reduce("\(event.message)") { "\($0) \($1.key)=\($1.value)" }
            forwarding.forward(LogRecord(logger: label, level: event.level.python, message: text))
        }
    }
}
