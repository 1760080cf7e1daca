import MitoCore
import MitoReport
import MitoTrace

/// What contexts of a recorded run did with messages beside calling: they sent some, and took some at handles that they
/// had chosen. What went to a handle that was given out by number belongs to whoever opened that.
struct ImportedMessages: Sendable {
    /// One of these deeds: where it stands in the trace, and how a story says it.
    struct Deed: Sendable {
        var position: Int
        var word: String
        var context: ContextID
        var options: [(String, FlowItem)]
    }

    private(set) var deeds: [Deed] = []

    init(_ recording: Recording, _ names: ImportedNames) {
        let trace = recording.trace
        for position in recording.begin..<max(recording.begin, trace.end) {
            let record = trace.records[position]
            let event = record.event
            switch event.kind {
            case .handleAdded where ReceiveWord.free ~= Int64(event.handle.rawValue) && names.has(record.context):
                let handle = FlowItem.word("\(event.handle)")
                let options = [("handle", handle)]
                deeds.append(
                    Deed(position: position, word: ReceiveWord.word, context: record.context, options: options))
            case .command where event.step != 0 && event.text.hasPrefix("send "):
                guard let sent = Self.sent(by: position, trace), Self.fixed ~= sent.handle,
                    names.has(sent.source), names.has(sent.destination), sent.source != sent.destination
                else { continue }
                var options = [("handle", FlowItem.word("\(sent.handle)"))]
                if sent.source != .master { options.append(("from", .word(names[sent.source]))) }
                deeds.append(
                    Deed(position: position, word: SendWord.word, context: sent.destination, options: options))
            default: continue
            }
        }
    }

    /// The message that a command sent; nil for one that never left, and for one that wants an answer or is none.
    private static func sent(by position: Int, _ trace: Trace) -> Event? {
        trace.effects(of: position).lazy.map { trace.records[$0].event }
            .first { $0.kind == .frameOut && $0.replyTo == .none }
    }

    /// Those that are neither a supervisor's nor given out by number.
    private static let fixed = Handle(1)...Handle(899)
}
