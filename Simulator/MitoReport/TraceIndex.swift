import MitoCore
import MitoTrace

/// One event of one context.
struct StepName: Hashable {
    var context: ContextID
    var step: UInt64

    init(_ context: ContextID, _ step: UInt64) {
        self.context = context
        self.step = step
    }
}

/// One handle of one context.
struct PortName: Hashable {
    var context: ContextID
    var handle: Handle

    init(_ context: ContextID, _ handle: Handle) {
        self.context = context
        self.handle = handle
    }
}

/// Where to find what in a trace. Only looked up, never iterated, so the order of a dictionary shows nowhere.
struct TraceIndex: Sendable {
    var steps: [StepName: Int] = [:]
    var effects: [StepName: [Int]] = [:]
    var frameOuts: [FrameName: Int] = [:]
    /// Where a frame came out, by the name under which it went in; of those that count otherwise, where each went in.
    var frameIns: [FrameName: Int] = [:]
    var departures: [Int: Int] = [:]
    var sent: [Int] = []
    /// Frames that never came out, though later ones of their lane did; and, lane by lane, those behind the last that
    /// did.
    var skipped: [Int] = []
    var tails: [[Int]] = []
    /// Where the connect command that began at a position ended.
    var connectEnds: [Int: Int] = [:]
    var requests: [PortName: [Int]] = [:]
    var replies: [PortName: [Int]] = [:]
    var fixed: [Handle: [Int]] = [:]
    var rare: [Event.Kind: [Int]] = [:]
    /// Places in the lists of calls and of function runs.
    var callsByCaller: [ContextID: [Int]] = [:]
    var runsByContext: [ContextID: [Int]] = [:]
    var runs: [RunName: Int] = [:]
}

/// A function run, as the call names it that asked for it; calls that want no reply share a name.
struct RunName: Hashable {
    var context: ContextID
    var source: ContextID
    var replyTo: Handle
}

extension Trace {
    /// Builds the index, the calls and the function runs in one pass over the records.
    struct Builder {
        var index = TraceIndex()
        var calls: [Call] = []
        var invocations: [FunctionRun] = []

        /// Where frames went into each direction of a link, and came out. Walked in the order of `laneOrder`.
        private var lanes: [LaneName: (outs: [Int], ins: [Int])] = [:]
        private var laneOrder: [LaneName] = []
        private var openConnects: [ContextID: [Int]] = [:]
        /// The names in a story of connect commands.
        private var tags: [Int: String] = [:]
        private var openCalls: [PortName: Int] = [:]
        private var openRuns: [RunName: [Int]] = [:]
        private var running: [ContextID: [Int]] = [:]

        mutating func add(_ record: TraceRecord, at position: Int) {
            let event = record.event
            let name = StepName(record.context, event.step)
            if index.steps[name] == nil { index.steps[name] = position }
            if event.cause != 0 { index.effects[StepName(record.context, event.cause), default: []].append(position) }
            switch event.kind {
            case .frameOut: addFrameOut(event, at: position)
            case .frameIn: lane(event) { $0.ins.append(position) }
            case .connectStarted, .connectEnded: addConnect(record, at: position)
            case .callStarted, .callEnded: addCall(record, at: position)
            case .invocationQueued, .invocationStarted, .invocationEnded: addRun(record, at: position)
            case .waiterParked, .waiterWoken: addWait(record, at: position)
            case .delivered: break
            default: index.rare[event.kind, default: []].append(position)
            }
        }

        /// All records were added: what went in is paired with what came out.
        mutating func matchFrames(_ records: [TraceRecord]) {
            for name in laneOrder {
                guard let (outs, ins) = lanes[name] else { continue }
                let match = LaneMatch(outs: outs, ins: ins, in: records)
                for (out, arrival) in match.pairs {
                    let sent = FrameName(records[out].event)
                    index.frameIns[sent] = arrival
                    if sent != FrameName(records[arrival].event) { index.departures[arrival] = out }
                }
                index.skipped += match.skipped
                if !match.tail.isEmpty { index.tails.append(Array(match.tail)) }
            }
            index.skipped.sort()
        }

        private mutating func lane(_ event: Event, _ change: (inout (outs: [Int], ins: [Int])) -> Void) {
            let name = LaneName(event)
            if lanes[name] == nil { laneOrder.append(name) }
            change(&lanes[name, default: ([], [])])
        }

        /// An end belongs to the oldest open connect of its context that has the same name in the story.
        private mutating func addConnect(_ record: TraceRecord, at position: Int) {
            index.rare[record.event.kind, default: []].append(position)
            guard record.event.kind == .connectEnded else {
                openConnects[record.context, default: []].append(position)
                return tags[position] = record.event.tag
            }
            let open = openConnects[record.context, default: []]
            guard let place = open.firstIndex(where: { tags[$0] == record.event.tag }) else { return }
            index.connectEnds[openConnects[record.context, default: []].remove(at: place)] = position
        }

        private mutating func addFrameOut(_ event: Event, at position: Int) {
            lane(event) { $0.outs.append(position) }
            let name = FrameName(event)
            if index.frameOuts[name] == nil {
                index.frameOuts[name] = position
                index.sent.append(position)
            }
            if event.replyTo >= .firstDynamic {
                index.requests[PortName(event.source, event.replyTo), default: []].append(position)
            }
            if event.handle >= .firstDynamic {
                index.replies[PortName(event.destination, event.handle), default: []].append(position)
            } else {
                index.fixed[event.handle, default: []].append(position)
            }
        }

        private mutating func addCall(_ record: TraceRecord, at position: Int) {
            let event = record.event
            let port = PortName(record.context, event.handle)
            if event.kind == .callStarted {
                openCalls[port] = calls.count
                index.callsByCaller[record.context, default: []].append(calls.count)
                calls.append(
                    Call(
                        caller: record.context, callee: event.destination, handle: event.handle, function: event.text,
                        tag: event.tag, started: position))
            } else if let open = openCalls.removeValue(forKey: port) {
                calls[open].ended = position
                calls[open].reason = event.reason
                calls[open].result = event.text
            }
        }

        private mutating func addRun(_ record: TraceRecord, at position: Int) {
            let event = record.event
            let name = RunName(context: record.context, source: event.source, replyTo: event.replyTo)
            if event.kind == .invocationQueued {
                addNewRun(record, name, at: position)
                return
            }
            if event.kind == .invocationStarted {
                let waiting = openRuns[name, default: []].first { invocations[$0].started == nil }
                let run = waiting ?? addNewRun(record, name, at: position)
                invocations[run].started = position
                running[record.context, default: []].append(run)
                return
            }
            guard let open = openRuns[name, default: []].firstIndex(where: { invocations[$0].started != nil })
            else { return }
            let run = openRuns[name, default: []].remove(at: open)
            invocations[run].ended = position
            running[record.context, default: []].removeAll { $0 == run }
        }

        @discardableResult
        private mutating func addNewRun(_ record: TraceRecord, _ name: RunName, at position: Int) -> Int {
            openRuns[name, default: []].append(invocations.count)
            index.runsByContext[name.context, default: []].append(invocations.count)
            if index.runs[name] == nil { index.runs[name] = invocations.count }
            invocations.append(
                FunctionRun(
                    context: name.context, source: name.source, replyTo: name.replyTo, function: record.event.text,
                    queued: position))
            return invocations.count - 1
        }

        /// A wait belongs to the run that the event names, or else to the one that runs in its context.
        private mutating func addWait(_ record: TraceRecord, at position: Int) {
            let event = record.event
            let candidates = running[record.context, default: []]
            let named = candidates.last {
                event.replyTo != .none && invocations[$0].source == event.source
                    && invocations[$0].replyTo == event.replyTo
            }
            guard let run = named ?? candidates.last else { return }
            let what = event.kind == .waiterParked ? event.text : nil
            invocations[run].waits.append(FunctionRun.Wait(position: position, what: what))
        }
    }
}
