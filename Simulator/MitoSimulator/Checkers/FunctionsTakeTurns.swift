import DequeModule
import MitoCore
public import MitoTrace

/// The functions of one context run strictly one after another, in the order in which their calls came in. What never
/// ran ends unrun only when its context does.
public struct FunctionsTakeTurns: Checker {
    public let invariant = Invariant.functionsTakeTurns

    public init() {}

    public mutating func observe(_ record: TraceRecord) {
        if let victim = record.victim { return queues[victim] = nil }
        let event = record.event
        let run = Run(source: event.source, replyTo: event.replyTo, function: event.text)
        switch event.kind {
        case .invocationQueued: queues[record.context, default: Queue()].waiting.append(run)
        case .invocationStarted: started(run, record)
        case .invocationEnded: ended(run, record)
        case .shutdownBegan: queues[record.context, default: Queue()].isEnding = true
        case .contextDown: queues[record.context] = nil
        default: break
        }
    }

    public mutating func finish() -> [Violation] { findings.take() }

    // MARK: Parts

    private struct Run: Hashable, Sendable {
        var source: ContextID
        var replyTo: Handle
        var function: String
    }

    private struct Queue: Sendable {
        var waiting = Deque<Run>()
        var running: Run?
        var isEnding = false
    }

    private var queues: [ContextID: Queue] = [:]
    private var findings = Findings(.functionsTakeTurns)

    private mutating func started(_ run: Run, _ record: TraceRecord) {
        if let running = queues[record.context]?.running {
            findings.add("\(run.function) was started while \(running.function) runs", by: record)
        }
        let first = queues[record.context, default: Queue()].waiting.popFirst()
        if first != run {
            let due = first.map { "it was the turn of \($0.function) for \($0.source)" } ?? "nobody had called it"
            findings.add("\(run.function) was started for \(run.source), but \(due)", by: record)
        }
        queues[record.context, default: Queue()].running = run
    }

    private mutating func ended(_ run: Run, _ record: TraceRecord) {
        guard queues[record.context]?.running != run else {
            queues[record.context]?.running = nil
            return
        }
        guard queues[record.context]?.isEnding == true, queues[record.context]?.waiting.first == run else {
            return findings.add("\(run.function) ended for \(run.source) without having run", by: record)
        }
        queues[record.context]?.waiting.removeFirst()
    }
}
