import MitoCore
import MitoReport
import MitoTrace

/// `logs: { context: web, saying: text }`: such a line of that context's log came to the root.
public struct LogsCheck: Check, Hashable {
    public var context: String
    public var text: String

    public static let key = "logs"
    public var sentence: String { "a line of \(context)'s log says '\(text)'" }

    public func judge(_ scene: Scene) -> Judgement {
        guard let id = scene.chronicle.id(context) else { return .fails("\(context) never came up") }
        let lines = scene.records.indices.filter { index in
            let record = scene.records[index]
            return record.context == id && record.event.kind == .log && record.event.text.contains(text)
        }
        guard let first = lines.first else { return .fails("\(context) logged no such line") }
        if id == .master || lines.contains(where: { scene.hasReachedRoot(line: $0) }) { return .holds }
        return .fails("'\(scene.records[first].event.text)' never came to master")
    }
}

extension Scene {
    /// Has the line of a log, which was written at `position`, come to the root?
    fileprivate func hasReachedRoot(line position: Int) -> Bool {
        let trace = chronicle.trace.before(records.endIndex)
        let sent = trace.effects(of: position).first {
            trace.records[$0].event.kind == .frameOut && trace.records[$0].event.handle == .forwardLog
        }
        return sent.map { trace.journey(from: $0).end == .delivered(at: .master) } ?? false
    }
}

extension LogsCheck: TreeCheck {
    static let subject = Key(
        key, .object(keys, example: "{ context: web, saying: half done }"), "A line of a log came to the root.")
    private static let keys = [
        Key("context", .context, "Whose log.", isRequired: true),
        Key("saying", .text, "What is in the line.", isRequired: true, example: "half done"),
    ]

    static func read(_ item: Item, _ glossary: Glossary) -> [any Check] {
        guard let fields = Fields(item, of: "logs", known: keys, glossary.sheet),
            let context = fields.require("context").flatMap({ glossary.context($0) }),
            let text = fields.require("saying").flatMap({ glossary.sheet.text($0, "saying") })
        else { return [] }
        return [LogsCheck(context: context, text: text)]
    }
}
