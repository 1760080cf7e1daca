public import MitoCore
public import MitoTrace

/// The whole of a run, indexed: who was there, which frame went where, who called whom, what caused what.
///
/// It is made from records alone and knows nothing of the program that wrote them. A trace can be looked at as it
/// stood at an earlier moment: `before(position)`.
///
///     let trace = Trace(try TraceReader.readAll(bytes).records)
///     print(Explainer(trace).explanation?.text ?? "at rest")
public struct Trace: Sendable {
    /// All records, in the order of the run. A *position* is an index into them.
    public let records: [TraceRecord]
    /// The contexts and how they hang together.
    public let tree: Tree
    /// Every call that was started, in that order.
    public let calls: [Call]
    /// Every function call that reached a context, in that order.
    public let invocations: [FunctionRun]
    /// What lies at or after this position is not looked at.
    public private(set) var end: Int

    public init(_ records: [TraceRecord]) {
        self.records = records
        tree = Tree(records)
        end = records.count
        var builder = Builder()
        for (position, record) in records.enumerated() { builder.add(record, at: position) }
        builder.matchFrames(records)
        calls = builder.calls
        invocations = builder.invocations
        index = builder.index
    }

    /// The trace as it stood just before `position`.
    public func before(_ position: Int) -> Trace {
        var earlier = self
        earlier.end = min(max(0, position), end)
        return earlier
    }

    /// The same position, or nil when it lies beyond the end that is looked at.
    public func seen(_ position: Int?) -> Int? {
        guard let position, position < end else { return nil }
        return position
    }

    /// Where a frame was put into its link, and where it came out.
    public func passage(_ frame: FrameName) -> (out: Int?, in: Int?) {
        (seen(index.frameOuts[frame]), seen(index.frameIns[frame]))
    }

    /// Where the frame that came in at `arrival` went into its link.
    public func departure(of arrival: Int) -> Int? {
        seen(index.departures[arrival] ?? index.frameOuts[FrameName(records[arrival].event)])
    }

    /// What happened in the same context because of the record at `position`.
    public func effects(of position: Int) -> [Int] {
        effects(of: StepName(records[position].context, records[position].event.step))
    }

    /// What happened in a context because of one of its steps.
    func effects(of step: StepName) -> [Int] { visible(index.effects[step]) }

    /// The record in the same context that led to the one at `position`.
    public func cause(of position: Int) -> Int? {
        let record = records[position]
        guard record.event.cause != 0 else { return nil }
        return seen(index.steps[StepName(record.context, record.event.cause)])
    }

    /// Frames put into a link whose sender waits for an answer at this handle: the hops of one request.
    func framesOut(from source: ContextID, replyTo handle: Handle) -> [Int] {
        visible(index.requests[PortName(source, handle)])
    }

    /// Frames put into a link for this handle of this context: the hops of replies.
    func framesOut(to destination: ContextID, _ handle: Handle) -> [Int] {
        visible(index.replies[PortName(destination, handle)])
    }

    /// Positions of all records of a kind that only few records have.
    func positions(of kind: Event.Kind) -> [Int] { visible(index.rare[kind]) }

    /// Positions of all frames that were sent to `handle` below the dynamic range.
    func framesOut(toFixed handle: Handle) -> [Int] { visible(index.fixed[handle]) }

    /// The frames that were sent and have not come in, in the order of sending.
    var framesUnderway: [FrameName] {
        index.sent.prefix { $0 < end }.compactMap { position in
            let name = FrameName(records[position].event)
            return passage(name).in == nil ? name : nil
        }
    }

    private func visible(_ positions: [Int]?) -> [Int] {
        guard let positions else { return [] }
        return positions.last.map { $0 < end } ?? true ? positions : positions.filter { $0 < end }
    }

    let index: TraceIndex
}

/// A frame's name: links keep order, so the n-th frame out is the n-th in.
public struct FrameName: Hashable, Sendable {
    /// The lower end of the link.
    public var link: ContextID
    /// Does it travel towards the root?
    public var upward: Bool
    /// From 1.
    public var ordinal: UInt64

    public init(link: ContextID, upward: Bool, ordinal: UInt64) {
        self.link = link
        self.upward = upward
        self.ordinal = ordinal
    }

    init(_ event: Event) { self.init(link: event.link, upward: event.upward, ordinal: event.ordinal) }
}

/// One call as its caller saw it.
public struct Call: Hashable, Sendable {
    public var caller: ContextID
    public var callee: ContextID
    /// Where the caller waits for the reply; none when it wants no reply.
    public var handle: Handle
    public var function: String
    /// Its name in a story; empty when it has none.
    public var tag: String
    /// Where it began.
    public var started: Int
    /// Where it ended; nil when it never did.
    public var ended: Int?
    /// Why it failed; none for a value.
    public var reason = Event.Reason.none
    /// The value or the error, as text.
    public var result = ""

    public var wantsReply: Bool { handle != .none }
}

/// One function call as the context saw that runs it.
public struct FunctionRun: Hashable, Sendable {
    public var context: ContextID
    /// Who called, and the handle at which the caller waits.
    public var source: ContextID
    public var replyTo: Handle
    public var function: String
    public var queued: Int
    public var started: Int?
    public var ended: Int?
    /// What it waited for and when; nil text = it went on.
    package var waits: [Wait] = []

    package struct Wait: Hashable, Sendable {
        package var position: Int
        package var what: String?
    }

    /// What it waits for at the end of `trace`; nil while it works.
    public func wait(in trace: Trace) -> String? {
        waits.last { $0.position < trace.end }?.what
    }

    /// Whether it waits for nothing but time to pass.
    func isSleeping(in trace: Trace) -> Bool {
        guard let wait = wait(in: trace) else { return false }
        return wait.hasPrefix("sleep") || wait.hasPrefix("block")
    }
}
