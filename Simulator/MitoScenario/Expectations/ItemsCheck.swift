import MitoCore
import MitoTrace

/// `items: n`: so many items of a stream arrived, or messages at a receiver.
public struct ItemsCheck: Check, Hashable {
    public var name: String
    public var count: ClosedRange<Int64>

    public static let key = "items"
    public var sentence: String { "\(name) brings \(count.words) items" }

    public func judge(_ scene: Scene) -> Judgement {
        guard let facts = scene.progress[name] else { return .fails("\(name) never began") }
        guard let receiver = facts.receiver else { return .fails("\(name) receives nothing") }
        let items = scene.run.records.count { record in
            let event = record.event
            return event.kind == .delivered && record.context == facts.context && event.handle == receiver
                && event.replyTo != .dead
        }
        return count.contains(Int64(items)) ? .holds : .fails("\(name) brought \(items) items")
    }
}

extension ItemsCheck: CallCheck {
    static let subject = Key(key, .counts, "So many items came.")

    static func fits(_ kind: Glossary.Kind) -> Bool {
        switch kind {
        case .call, .receiver: true
        case .select, .deed: false
        }
    }

    static func read(_ item: Item, about name: String, _ glossary: Glossary) -> ItemsCheck? {
        glossary.sheet.counts(item, "items").map { ItemsCheck(name: name, count: $0) }
    }
}
