public import MitoCore
import MitoTrace

/// What is still to do at the end of a trace, and what that makes of the run.
public struct Quiescence: Sendable {
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// Nothing waits and nothing is left to do.
        case atRest = "at-rest"
        /// Something can still happen by itself.
        case running
        /// Somebody waits, and nothing can happen but that time passes.
        case onlyTimersLeft = "only-timers-left"
        /// Somebody waits, and nothing can happen at all.
        case deadlock
        /// All is at rest, but a caller got there only by its own time-out, after its call could not succeed any more.
        case stalled

        /// Whether this is a hang, which a run reports as such.
        public var isHang: Bool { self == .deadlock || self == .stalled || self == .onlyTimersLeft }
    }

    /// Calls without an end whose caller is still there.
    public let pending: [Call]
    /// Functions that run and do not wait / that wait for something other than time / that sleep or block.
    public let working: [FunctionRun]
    public let waiting: [FunctionRun]
    public let sleeping: [FunctionRun]
    /// Frames that were sent and may still come in.
    public let underway: [FrameName]
    /// Contexts that end in order, and wait for their children no longer than their grace.
    public let ending: [ContextID]
    /// Deadlines that are set, in the order in which they were.
    public let timers: [Timer]
    /// Connect commands without an end: positions of their records.
    public let connecting: [Int]
    /// What programs wait for though their contexts are done with it, or on business of their own: positions of the
    /// records that say so.
    public let programs: [Int]

    /// The deadline of a call.
    public struct Timer: Hashable, Sendable {
        public var context: ContextID
        /// Where the caller waits.
        public var handle: Handle
    }

    /// Looks at the end of `trace`. When the run `isOver`, nothing can come in any more and no function goes on.
    public init(_ trace: Trace, isOver: Bool = true) {
        self.isOver = isOver
        pending = trace.calls.filter { trace.isPending($0) }
        let runs = trace.invocations.filter {
            trace.seen($0.started) != nil && trace.seen($0.ended) == nil && !trace.isGone($0.context)
        }
        working = runs.filter { $0.wait(in: trace) == nil }
        let sleeps: (FunctionRun) -> Bool = { $0.isSleeping(in: trace) && $0.overdue(in: trace) == nil }
        sleeping = runs.filter(sleeps)
        waiting = runs.filter { $0.wait(in: trace) != nil && !sleeps($0) }
        underway = trace.framesUnderway.filter { !trace.isBroken(linkAbove: $0.link) && !trace.isHeldUp($0) }
        ending = trace.positions(of: .shutdownBegan).map { trace.records[$0].context }
            .filter { !trace.isGone($0) && !trace.isFrozen($0) }
        timers = Self.armedTimers(trace)
        connecting = Self.openConnects(trace)
        programs = (trace.untold.filter(\.isWaitedFor).map(\.asked) + trace.ownWaits).sorted()
    }

    /// The verdict, stalls aside: those need a diagnosis and are the explainer's to find.
    public var verdict: Verdict {
        let isBusy = !isOver && !(working.isEmpty && underway.isEmpty && ending.isEmpty)
        let hasTimers = !timers.isEmpty || !sleeping.isEmpty
        if isBusy { return .running }
        if pending.isEmpty && connecting.isEmpty && programs.isEmpty {
            return hasTimers && !isOver ? .running : .atRest
        }
        return hasTimers ? .onlyTimersLeft : .deadlock
    }

    private let isOver: Bool

    private static func armedTimers(_ trace: Trace) -> [Timer] {
        var places: [Timer: Int] = [:]
        let changes = [Event.Kind.timerArmed, .timerFired, .timerCancelled].flatMap(trace.positions(of:)).sorted()
        for position in changes {
            let record = trace.records[position]
            let timer = Timer(context: record.context, handle: record.event.handle)
            places[timer] = record.event.kind == .timerArmed ? position : nil
        }
        // What has passed without a word will not come any more.
        for overdue in trace.overdueTimers {
            let record = trace.records[overdue.armed]
            places[Timer(context: record.context, handle: record.event.handle)] = nil
        }
        return places.filter { !trace.isGone($0.key.context) }.sorted { $0.value < $1.value }.map(\.key)
    }

    private static func openConnects(_ trace: Trace) -> [Int] {
        trace.positions(of: .connectStarted).filter(trace.isOpenConnect)
    }
}

extension Trace {
    /// Whether a frame cannot come in before the world lets it: its link is cut or held, or its receiver is frozen.
    fileprivate func isHeldUp(_ frame: FrameName) -> Bool {
        let receiver = frame.upward ? tree.parent(of: frame.link) : frame.link
        if let receiver, isFrozen(receiver) { return true }
        let gates = ["cut", "mend", "hold", "release"]
        let last = positions(of: .command).lazy.reversed().map { records[$0].event }.first {
            $0.isOfTheWorld && $0.subject == frame.link && gates.contains($0.deed)
        }
        guard let last, ["cut", "hold"].contains(last.deed) else { return false }
        return !last.text.hasSuffix(frame.upward ? " down" : " up")
    }

    /// Whether a call is without an end, wants one, and its caller is there to have it.
    public func isPending(_ call: Call) -> Bool {
        call.wantsReply && call.started < end && seen(call.ended) == nil && !isGone(call.caller)
    }
}
