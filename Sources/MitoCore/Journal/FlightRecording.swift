/// What a context's flight recorder held at one moment: its latest events, and what had begun before them and was not
/// over.
///
/// It is taken from a node that need not have been traced, and sent to whoever supervises it:
/// ```swift
/// let recording = node.flightRecording
/// for event in recording.events { print(event.step, event.kind) }
/// ```
public struct FlightRecording: Hashable, Sendable {
    /// Whose it is, and what that is called.
    public var context: ContextID
    public var name: String
    /// The context above; nil in a root, and in a process that does not know yet who it is.
    public var parent: ContextID?
    /// The contexts below, by the links that were open, in the order in which they appeared.
    public var children: [ContextID]
    /// When it was taken, by the clock of the context.
    public var takenAt: Instant
    /// What had begun and was not over, as events of which nobody knows the step: 0.
    public var standing: [Event]
    private var entries: [FlightEntry]
    private var lastStep: UInt64

    /// What is known, in order: what was standing and began before the ring does, then the ring, then what the program
    /// waited for. Texts are cut to sixteen bytes in the ring; a ring holds no values.
    public var events: [Event] {
        let first = lastStep &- UInt64(entries.count)
        let ring = entries.indices.compactMap { entries[$0].event(step: first &+ UInt64($0) &+ 1) }
        let begun = Set(ring.map(Beginning.init))
        let begin = ring.first?.at ?? takenAt
        let older = standing.filter { $0.kind != .programWaits && !begun.contains(Beginning($0)) }
        // What the program waited for was asked last.
        let asked = standing.filter { $0.kind == .programWaits }
        return older.map { $0.dated(begin) } + ring + asked.map { $0.dated(takenAt) }
    }

    /// What a beginning is about, so that the same one is not told twice.
    private struct Beginning: Hashable {
        var kind: Event.Kind
        var link: ContextID
        var source: ContextID
        var handle: Handle
        var replyTo: Handle

        init(_ event: Event) {
            (kind, link, source) = (event.kind, event.link, event.source)
            (handle, replyTo) = (event.handle, event.replyTo)
        }
    }

    /// The greatest recording that is read; a stranger's may claim anything.
    private static let entriesMax = 1 << 16
    private static let standingMax = 1 << 16
}

// MARK: Taking one

extension Node {
    /// What this context did last, and what it waits for: always there, unless the configuration keeps no entries.
    public var flightRecording: FlightRecording { FlightRecording(of: self) }
}

extension FlightRecording {
    fileprivate init(of node: Node) {
        context = node.ownID
        name = node.identity?.name ?? ""
        parent = node.identity?.ancestors.first
        let links = node.links.ids.map { node.links[$0] }.filter { $0.state == .open }
        children = links.filter { !$0.isUp }.map(\.name)
        takenAt = node.journal.now
        entries = node.journal.latest
        lastStep = node.journal.step
        standing = []
        var up = Event(.contextUp)
        (up.subject, up.text) = (context, name)
        if parent != nil { up.link = context }
        standing.append(up)
        for child in children {
            var event = Event(.linkUp)
            (event.link, event.subject) = (child, child)
            standing.append(event)
        }
        addCalls(of: node)
        addFunctions(of: node)
    }

    private mutating func addCalls(of node: Node) {
        for handle in node.handles.handles {
            guard case .call(let call)? = node.handles[handle]?.owner, !call.isSupervision else { continue }
            var event = Event(.callStarted)
            (event.destination, event.handle, event.text, event.tag) = (call.context, handle, call.function, call.tag)
            standing.append(event)
            guard call.hasDeadline else { continue }
            var timer = Event(.timerArmed)
            timer.handle = handle
            standing.append(timer)
        }
    }

    private mutating func addFunctions(of node: Node) {
        for job in node.dispatcher.jobs {
            var event = Event(.invocationQueued)
            (event.source, event.replyTo) = (job.invocation.source, job.replyTo)
            event.text = job.invocation.function
            standing.append(event)
            guard job.invocation.id == node.dispatcher.current?.invocation.id else { continue }
            event.kind = .invocationStarted
            standing.append(event)
        }
    }
}

// MARK: As it travels

extension FlightRecording {
    /// The recording as a value that any message can carry.
    public var value: Value {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * FlightEntry.byteCount)
        for entry in entries { entry.write(to: &bytes) }
        return .tuple([
            .int(Self.version), .int(Int64(context.rawValue)), .text(name),
            parent.map { .int(Int64($0.rawValue)) } ?? .none, .list(children.map { .int(Int64($0.rawValue)) }),
            .int(takenAt.nanoseconds), .int(Int64(clamping: lastStep)), .bytes(bytes),
            .list(standing.map(Self.value)),
        ])
    }

    /// Reads a recording that somebody sent; nil when it is none, or of another version.
    public init?(_ value: Value) {
        guard case .tuple(let parts) = value, parts.count == 9, parts[0] == .int(Self.version),
            let context = parts[1].contextID, let name = parts[2].string, case .list(let children) = parts[4],
            case .int(let time) = parts[5], case .int(let step) = parts[6], step >= 0,
            case .bytes(let bytes) = parts[7], case .list(let standing) = parts[8],
            bytes.count.isMultiple(of: FlightEntry.byteCount), bytes.count / FlightEntry.byteCount <= Self.entriesMax,
            bytes.count / FlightEntry.byteCount <= step, standing.count <= Self.standingMax
        else { return nil }
        self.context = context
        self.name = name
        parent = parts[3].contextID
        self.children = children.compactMap(\.contextID)
        takenAt = Instant(nanoseconds: time)
        lastStep = UInt64(step)
        entries = stride(from: 0, to: bytes.count, by: FlightEntry.byteCount).map { FlightEntry(bytes, at: $0) }
        self.standing = standing.compactMap(Self.event)
        guard self.children.count == children.count, self.standing.count == standing.count,
            entries.allSatisfy({ $0.event(step: 1) != nil })
        else { return nil }
    }

    private static let version: Int64 = 1

    private static func value(_ event: Event) -> Value {
        let numbers = [
            UInt32(event.kind.rawValue), event.link.rawValue, event.destination.rawValue, event.source.rawValue,
            event.subject.rawValue, event.handle.rawValue, event.replyTo.rawValue,
        ]
        return .tuple(numbers.map { .int(Int64($0)) } + [.text(event.text), .text(event.tag)])
    }

    private static func event(_ value: Value) -> Event? {
        guard case .tuple(let parts) = value, parts.count == 9 else { return nil }
        let numbers = parts.prefix(7).compactMap(\.contextID).map(\.rawValue)
        guard numbers.count == 7, let code = UInt8(exactly: numbers[0]), let kind = Event.Kind(rawValue: code),
            let text = parts[7].string, let tag = parts[8].string
        else { return nil }
        var event = Event(kind)
        (event.link, event.destination, event.source) = (.init(numbers[1]), .init(numbers[2]), .init(numbers[3]))
        (event.subject, event.handle, event.replyTo) = (.init(numbers[4]), .init(numbers[5]), .init(numbers[6]))
        (event.text, event.tag) = (text, tag)
        return event
    }
}

extension Event {
    fileprivate func dated(_ time: Instant) -> Event {
        var event = self
        event.at = time
        return event
    }
}

extension Value {
    /// A whole number that a context id can be.
    fileprivate var contextID: ContextID? {
        guard case .int(let number) = self, let id = UInt32(exactly: number) else { return nil }
        return ContextID(id)
    }
}
