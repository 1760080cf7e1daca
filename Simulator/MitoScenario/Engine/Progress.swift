public import MitoCore
public import MitoTrace

/// How far everything that has a name has come, told from the trace alone.
///
/// A call names itself: its start and end carry the name, and its function runs where the invocation's source and
/// reply handle are the call's. Everything else is named by the mark that the runner leaves when it does it.
public struct Progress: Sendable {
    /// A point of the run: the place in the list of records, and the time.
    public struct Point: Hashable, Sendable {
        public var index: Int
        public var at: Instant
    }

    /// How far one of them has come.
    public struct Facts: Hashable, Sendable {
        public var isCall: Bool
        /// What was done; empty for a call.
        public var word = ""
        /// A call's start; the mark of anything else.
        public var began: Point
        public var running: Point?
        public var ended: Point?
        /// A call's caller; the context that anything else was done to.
        public var context: ContextID
        /// Where a call's reply must come.
        public var handle: Handle
        /// Where items come in that context, for a stream or a receiver; nil for anything else.
        public var receiver: Handle?
        /// What a select gave.
        public var given: String?

        /// The one moment that stands for it: the end of a call or a select, anything else's beginning.
        public var happened: Point? { isCall || isSelect ? ended : began }

        fileprivate var isSelect: Bool { word.hasPrefix(SelectWord.word + " ") }
        fileprivate var isReceiver: Bool { word.hasPrefix(ReceiveWord.word + " ") }
    }

    public private(set) var facts: [String: Facts] = [:]
    public private(set) var count = 0
    /// What waits for an event of its own, so that a long trace is not searched again and again.
    private var callsByReply: [Reply: String] = [:]
    private var deedsBySubject: [ContextID: [String]] = [:]

    private var namesByReceiver: [Reply: String] = [:]
    private var selects = Selects()

    private struct Reply: Hashable { var caller: ContextID; var handle: Handle }

    public init() {}

    /// How far everything had come at the end of these records, which begin with the run's first.
    init(of records: ArraySlice<TraceRecord>) {
        for record in records { observe(record) }
    }

    public subscript(_ name: String) -> Facts? { facts[name] }

    /// The point at which `name` had come so far; nil while it has not.
    public func point(of name: String, _ phase: When.Phase) -> Point? {
        guard let facts = facts[name] else { return nil }
        return phase == .ended ? facts.ended : facts.isCall || facts.isReceiver ? facts.running : facts.began
    }

    /// The point at which all of these had come so far; nil while one has not.
    func point(of awaited: [When.Awaited]) -> Point? {
        var last: Point?
        for one in awaited {
            guard let point = point(of: one.name, one.phase) else { return nil }
            if last.map({ $0.index < point.index }) ?? true { last = point }
        }
        return last
    }

    /// Takes the next record of the run.
    public mutating func observe(_ record: TraceRecord) {
        let event = record.event
        let point = Point(index: count, at: event.at)
        count += 1
        switch event.kind {
        case .callStarted where !event.tag.isEmpty:
            // The mark of a stream was left, and its receiver opened, before it.
            let receiver = facts[event.tag].flatMap { $0.isCall ? nil : $0.receiver }
            facts[event.tag] = Facts(
                isCall: true, began: point, context: record.context, handle: event.handle, receiver: receiver)
            callsByReply[Reply(caller: record.context, handle: event.handle)] = event.tag
        case .callEnded where !event.tag.isEmpty:
            guard let call = facts[event.tag], call.ended == nil else { return }
            facts[event.tag]?.ended = point
            // What a stream gives is its items.
            if call.receiver == nil { give(event.tag, at: point) }
        case .handleAdded where !event.tag.isEmpty:
            namesByReceiver[Reply(caller: record.context, handle: event.handle)] = event.tag
            facts[event.tag]?.receiver = event.handle
            facts[event.tag]?.running = point
        case .handleRemoved:
            guard let name = namesByReceiver[Reply(caller: record.context, handle: event.handle)] else { return }
            if facts[name]?.isReceiver == true { facts[name]?.ended = point }
        case .delivered where event.replyTo != .dead:
            guard let name = namesByReceiver[Reply(caller: record.context, handle: event.handle)] else { return }
            give(name, at: point)
        case .invocationStarted:
            guard let name = callsByReply[Reply(caller: event.source, handle: event.replyTo)] else { return }
            if facts[name]?.running == nil { facts[name]?.running = point }
        case .command where !event.tag.isEmpty && event.ordinal > 0:
            // A frame fault has struck.
            if facts[event.tag]?.ended == nil { facts[event.tag]?.ended = point }
        case .command where !event.tag.isEmpty:
            endDeeds(undoneBy: event, at: point)
            facts[event.tag] = Facts(
                isCall: false, word: event.text, began: point, ended: Self.isDone(event) ? point : nil,
                context: event.subject, handle: .none)
            guard facts[event.tag]?.isSelect != true else {
                if let name = selects.open(event.tag, event.text) { end(event.tag, giving: name, at: point) }
                return
            }
            deedsBySubject[event.subject, default: []].append(event.tag)
        case .connectEnded where !event.tag.isEmpty:
            if facts[event.tag]?.isCall == false { facts[event.tag]?.ended = point }
        case .contextDown:
            endDeeds(on: record.context, at: point)
        case .linkDown where record.isDetachment:
            endDeeds(on: record.context, at: point)
        case .linkDown:
            endDeeds(on: event.subject, at: point)
        default:
            break
        }
    }

    /// Something came that a select can give.
    private mutating func give(_ name: String, at point: Point) {
        if let select = selects.came(name) { end(select, giving: name, at: point) }
    }

    private mutating func end(_ select: String, giving name: String, at point: Point) {
        facts[select]?.given = name
        facts[select]?.ended = point
    }

    /// What lasts until it is undone has ended then; what is done at once has ended at once.
    private mutating func endDeeds(undoneBy event: Event, at point: Point) {
        let word = event.text.prefix { $0 != " " }
        guard let undone = Self.undoing[String(word)] else { return }
        for name in deedsBySubject[event.subject] ?? [] where facts[name]?.ended == nil {
            if undone.contains(where: { facts[name]?.word.hasPrefix($0) ?? false }) { facts[name]?.ended = point }
        }
    }

    /// Is it over as soon as it is done?
    private static func isDone(_ event: Event) -> Bool {
        ["mend", "release", "thaw", "set-link", "skew", "spoof", "send", "log", "cancel", "check"].contains {
            event.text.hasPrefix($0)
        }
    }

    /// What each of these deeds brings to its end.
    private static let undoing = ["mend": ["cut"], "release": ["hold"], "thaw": ["freeze"]]

    /// A kill or a shutdown has ended when its context is seen to be gone.
    private mutating func endDeeds(on context: ContextID, at point: Point) {
        for name in deedsBySubject.removeValue(forKey: context) ?? [] where facts[name]?.ended == nil {
            facts[name]?.ended = point
        }
    }
}
