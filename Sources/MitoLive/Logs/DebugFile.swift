import MitoCore
import MitoLinux

/// The verbose log of one context: what happened in it, event by event, and each read and write of its links.
///
/// It is a new file of mode 0600, `mitoscope.ID.NAME.PID.log` in `MITOSCOPE_DEBUG_DIRECTORY`, else in `TMPDIR`, else in
/// `/tmp`; a file or link that is there already is never written to.
struct DebugFile: ~Copyable {
    private let file: FileDescriptor

    init(of identity: Identity, in directory: String = Self.directory) throws(SystemError) {
        let name = String(identity.name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
        file = try FileDescriptor.creating(
            "\(directory)/mitoscope.\(identity.id).\(name.prefix(40)).\(Machine.processID).log")
    }

    /// Appends the events of a turn. A full disk costs the log and never the context.
    func append(_ events: [Event]) {
        guard !events.isEmpty else { return }
        write(events.map { "\(WallClock($0.at).text(hasMicroseconds: true)) \(Self.words(of: $0))\n" }.joined())
    }

    /// Appends what a link did.
    func append(io text: String, at now: Instant) {
        write("\(WallClock(now).text(hasMicroseconds: true)) io: \(text)\n")
    }

    private func write(_ lines: String) { _ = try? file.write(Array(lines.utf8)) }

    /// The event's name, then whatever of it says something.
    private static func words(of event: Event) -> String {
        var words = ["\(event.kind)"]
        if event.reason != .none { words.append("\(event.reason)") }
        if event.link != .master { words.append("link \(event.link)") }
        if event.ordinal != 0 { words.append("#\(event.ordinal) \(event.upward ? "up" : "down")") }
        if event.source != .master || event.destination != .master {
            words.append("\(event.source) to \(event.destination)")
        }
        if event.subject != .master { words.append("of \(event.subject)") }
        if event.handle != .none { words.append("handle \(event.handle)") }
        if event.replyTo != .none { words.append("reply to \(event.replyTo)") }
        if event.length != 0 { words.append("\(event.length) bytes") }
        if !event.text.isEmpty { words.append("'\(event.text)'") }
        return words.joined(separator: " ")
    }

    static let directoryVariable = "MITOSCOPE_DEBUG_DIRECTORY"

    /// Where such files go.
    static var directory: String {
        Machine.environmentVariable(directoryVariable) ?? Machine.environmentVariable("TMPDIR") ?? "/tmp"
    }
}
