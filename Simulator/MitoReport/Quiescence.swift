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
        /// There is no end of what happens, and nothing comes of it.
        case livelock
        /// Nobody waits, but something outlived what it belonged to.
        case leaked

        /// Whether this is a hang, which a run reports as such.
        public var isHang: Bool {
            switch self {
            case .deadlock, .stalled, .onlyTimersLeft, .livelock: true
            case .atRest, .running, .leaked: false
            }
        }
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
        let underway = trace.framesUnderway.filter { !trace.isBroken(linkAbove: $0.link) && !trace.isHeldUp($0) }
        self.underway = underway
        isUnderwayInSight = underway.contains { trace.isTraced(trace.receiver(of: $0)) }
        ending = trace.positions(of: .shutdownBegan).map { trace.records[$0].context }
            .filter { !trace.isGone($0) && !trace.isFrozen($0) }
        timers = Self.armedTimers(trace)
        connecting = Self.openConnects(trace)
        programs = (trace.untold.filter(\.isWaitedFor).map(\.asked) + trace.ownWaits).sorted()
    }

    /// The verdict by what is still to do. Stalls, livelocks and leaks are the explainer's to find.
    public var verdict: Verdict {
        let hasTimers = !timers.isEmpty || !sleeping.isEmpty
        if pending.isEmpty && connecting.isEmpty && programs.isEmpty {
            let isBusy = hasTimers || !working.isEmpty || !ending.isEmpty || isUnderwayInSight
            return !isOver && isBusy ? .running : .atRest
        }
        if !isOver, !(working.isEmpty && underway.isEmpty && ending.isEmpty) { return .running }
        return hasTimers ? .onlyTimersLeft : .deadlock
    }

    private let isOver: Bool
    /// Is something on its way to a context that would have written that it came?
    private let isUnderwayInSight: Bool

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
        // Nor does one that was kept when its call ended: it wakes nobody.
        let over = trace.calls.lazy.filter { trace.seen($0.ended) != nil }
        for call in over { places[Timer(context: call.caller, handle: call.handle)] = nil }
        return places.filter { !trace.isGone($0.key.context) }.sorted { $0.value < $1.value }.map(\.key)
    }

    private static func openConnects(_ trace: Trace) -> [Int] {
        trace.positions(of: .connectStarted).filter(trace.isOpenConnect)
    }
}

extension Trace {
    /// The context that a frame goes to next.
    func receiver(of frame: FrameName) -> ContextID {
        frame.upward ? tree.parent(of: frame.link) ?? .master : frame.link
    }

    /// Whether a frame cannot come in before the world lets it: its link is cut or held, or its receiver is frozen.
    fileprivate func isHeldUp(_ frame: FrameName) -> Bool {
        isFrozen(receiver(of: frame)) || closingDeed(of: frame) != nil
    }

    /// Where the world cut or held the link above `lower`, in any direction, and has not opened it since.
    func closingDeed(of lower: ContextID) -> Int? {
        let last = lastDeedPosition(to: lower, among: ["cut", "mend", "hold", "release"])
        return last.flatMap { ["cut", "hold"].contains(records[$0].event.deed) ? $0 : nil }
    }

    /// The same, where that closed it in the frame's direction.
    func closingDeed(of frame: FrameName) -> Int? {
        closingDeed(of: frame.link).flatMap {
            records[$0].event.text.hasSuffix(frame.upward ? " down" : " up") ? nil : $0
        }
    }

    /// Whether a call is without an end, wants one, and its caller is there to have it.
    public func isPending(_ call: Call) -> Bool {
        call.wantsReply && call.started < end && seen(call.ended) == nil && !isGone(call.caller)
    }
}
