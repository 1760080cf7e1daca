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
    var frameIns: [FrameName: Int] = [:]
    var sent: [Int] = []
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
            case .frameIn: if index.frameIns[FrameName(event)] == nil { index.frameIns[FrameName(event)] = position }
            case .callStarted, .callEnded: addCall(record, at: position)
            case .invocationQueued, .invocationStarted, .invocationEnded: addRun(record, at: position)
            case .waiterParked, .waiterWoken: addWait(record, at: position)
            case .delivered: break
            default: index.rare[event.kind, default: []].append(position)
            }
        }

        private mutating func addFrameOut(_ event: Event, at position: Int) {
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
