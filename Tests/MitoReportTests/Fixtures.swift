import MitoCore
import MitoReport
import MitoTrace

/// master — bastion — rack — (web, db): the tree that all hand-made traces are about.
enum Who {
    static let master = ContextID(0)
    static let bastion = ContextID(1)
    static let rack = ContextID(2)
    static let web = ContextID(3)
    static let db = ContextID(4)

    static let names = ["master", "bastion", "rack", "web", "db"]
    static let parents = [bastion: master, rack: bastion, web: rack, db: rack]
}

/// Writes the records of a run by hand, one small fact after another, as a node would note them.
struct Script {
    private(set) var records: [TraceRecord] = []
    private var steps: [ContextID: UInt64] = [:]
    private var ordinals: [FrameName: UInt64] = [:]
    private var handles: [ContextID: UInt32] = [:]
    private var time: Int64 = 0

    /// The tree never changes its form.
    private var tree = Trace([]).tree

    var trace: Trace { Trace(records) }

    /// A tree that is up; who is untraced did not say so itself.
    init(untraced: [ContextID] = []) {
        for context in [Who.bastion, Who.rack, Who.web, Who.db] {
            let name = Who.names[Int(context.rawValue)]
            note(.launchStarted, in: Who.parents[context]!) {
                ($0.subject, $0.link, $0.text) = (context, context, "local \(name)")
            }
            if !untraced.contains(context) {
                note(.contextUp, in: context) { ($0.subject, $0.link, $0.text) = (context, context, name) }
            }
            note(.linkUp, in: Who.parents[context]!) { ($0.subject, $0.link) = (context, context) }
        }
        tree = trace.tree
    }

    /// Notes one event one millisecond after the last, and returns its step.
    @discardableResult
    mutating func note(
        _ kind: Event.Kind, in context: ContextID, cause: UInt64 = 0, _ fill: (inout Event) -> Void = { _ in }
    ) -> UInt64 {
        time += 1_000_000
        steps[context, default: 0] += 1
        var event = Event(kind)
        event.at = Instant(nanoseconds: time)
        event.step = steps[context, default: 0]
        event.cause = cause
        fill(&event)
        records.append(TraceRecord(index: UInt64(records.count + 1), context: context, event: event, hash: 0))
        return event.step
    }

    /// Nothing is noted for that long.
    mutating func wait(_ time: Duration) { self.time += time.nanoseconds }

    /// Where a message is stopped on its way, and how.
    enum Stop {
        /// The link out of this context swallows it.
        case lost(from: ContextID)
        /// This context takes it and does nothing.
        case ignored(at: ContextID)
        /// This context drops it.
        case dropped(at: ContextID, Event.Reason)
    }

    struct Mail {
        var source: ContextID
        var destination: ContextID
        var handle: Handle
        var replyTo = Handle.none
        var payload = ""
    }

    /// Sends a message along the tree; returns the step of its arrival in the last context that took it.
    @discardableResult
    mutating func carry(_ mail: Mail, cause: UInt64, stop: Stop? = nil) -> UInt64? {
        let path = tree.path(from: mail.source, to: mail.destination) ?? []
        var cause = cause
        for (here, next) in zip(path, path.dropFirst()) {
            let upward = Who.parents[here] == next
            let frame = nextFrame(upward ? here : next, upward)
            note(.frameOut, in: here, cause: cause) { Self.describe(mail, frame, &$0) }
            if case .lost(from: here) = stop { return nil }
            cause = note(.frameIn, in: next) { Self.describe(mail, frame, &$0) }
            if case .ignored(at: next) = stop { return cause }
            if case .dropped(at: next, let reason) = stop {
                note(.dropped, in: next, cause: cause) {
                    Self.describe(mail, nil, &$0)
                    $0.reason = reason
                }
                return cause
            }
        }
        note(.delivered, in: mail.destination, cause: cause) { Self.describe(mail, nil, &$0) }
        return cause
    }

    /// The last frame that a link swallowed comes in after all.
    mutating func land(in context: ContextID) {
        guard let frame = records.last(where: { $0.event.kind == .frameOut })?.event else { return }
        note(.frameIn, in: context) {
            let (step, time) = ($0.step, $0.at)
            $0 = frame
            ($0.kind, $0.step, $0.at, $0.cause) = (.frameIn, step, time, 0)
        }
    }

    private mutating func nextFrame(_ link: ContextID, _ upward: Bool) -> FrameName {
        let lane = FrameName(link: link, upward: upward, ordinal: 0)
        ordinals[lane, default: 0] += 1
        return FrameName(link: link, upward: upward, ordinal: ordinals[lane, default: 0])
    }

    private static func describe(_ mail: Mail, _ frame: FrameName?, _ event: inout Event) {
        event.source = mail.source
        event.authority = mail.source
        event.destination = mail.destination
        event.handle = mail.handle
        event.replyTo = mail.replyTo
        event.length = UInt32(mail.payload.utf8.count)
        guard let frame else { return }
        event.digest = PayloadDigest.of(Array(mail.payload.utf8).span)
        event.link = frame.link
        event.upward = frame.upward
        event.ordinal = frame.ordinal
    }
}

extension Script {
    /// A call in progress, as the script's author refers to it.
    struct Pending {
        var caller: ContextID
        var callee: ContextID
        var function: String
        var handle: Handle
    }

    /// Somebody calls; the request travels, and its function starts where nothing stops it.
    mutating func call(
        _ callee: ContextID, _ function: String, from caller: ContextID, hasTimeout: Bool = false, stop: Stop? = nil,
        starts: Bool = true
    ) -> Pending {
        handles[caller, default: 999] += 1
        let pending = Pending(caller: caller, callee: callee, function: function, handle: Handle(handles[caller]!))
        let command = note(.command, in: caller) { $0.text = "call \(callee) \(function)" }
        note(.callStarted, in: caller, cause: command) {
            ($0.destination, $0.handle, $0.text) = (callee, pending.handle, function)
        }
        if hasTimeout { note(.timerArmed, in: caller, cause: command) { $0.handle = pending.handle } }
        let mail = Mail(source: caller, destination: callee, handle: .callFunction, replyTo: pending.handle)
        let arrival = carry(mail, cause: command, stop: stop)
        guard let arrival, stop == nil else { return pending }
        run(.invocationQueued, pending, cause: arrival)
        if starts { run(.invocationStarted, pending, cause: arrival) }
        return pending
    }

    @discardableResult
    mutating func run(_ kind: Event.Kind, _ call: Pending, cause: UInt64 = 0, _ text: String? = nil) -> UInt64 {
        note(kind, in: call.callee, cause: cause) {
            ($0.source, $0.replyTo, $0.text) = (call.caller, call.handle, text ?? call.function)
        }
    }

    /// The function ends and its reply travels; the caller's call ends where nothing stops it.
    mutating func answer(_ call: Pending, _ value: String, stop: Stop? = nil) {
        let ended = run(.invocationEnded, call)
        let mail = Mail(source: call.callee, destination: call.caller, handle: call.handle, payload: value)
        guard let arrival = carry(mail, cause: ended, stop: stop), stop == nil else { return }
        end(call, .none, value, cause: arrival)
    }

    mutating func end(_ call: Pending, _ reason: Event.Reason, _ text: String, cause: UInt64 = 0) {
        note(.callEnded, in: call.caller, cause: cause) {
            ($0.handle, $0.destination, $0.reason, $0.text) = (call.handle, call.callee, reason, text)
        }
    }

    mutating func timeOut(_ call: Pending) {
        let fired = note(.timerFired, in: call.caller) { $0.handle = call.handle }
        end(call, .timedOut, "TimeoutError: the call got no answer in time", cause: fired)
    }

    /// The world does something to a context or to the link above it.
    mutating func world(_ deed: String, _ context: ContextID) {
        note(.command, in: context) { ($0.subject, $0.text, $0.step) = (context, deed, 0) }
    }

    /// A context dies; its parent sees it.
    mutating func kill(_ context: ContextID, isSeen: Bool = true) -> UInt64 {
        world("kill", context)
        guard isSeen, let parent = Who.parents[context] else { return 0 }
        let seen = note(.linkDown, in: parent) { ($0.link, $0.subject) = (context, context) }
        note(.routeRemoved, in: parent, cause: seen) { ($0.link, $0.subject) = (context, context) }
        note(.childExited, in: parent) { ($0.link, $0.subject, $0.text) = (context, context, "signal 9") }
        return seen
    }

    /// One hop of the news that `lost` is gone; returns the step of its arrival.
    mutating func tell(
        _ next: ContextID, of lost: ContextID, from here: ContextID, cause: UInt64, stop: Stop? = nil
    ) -> UInt64 {
        let mail = Mail(source: here, destination: next, handle: .delRoute, payload: "\(lost)")
        let arrival = carry(mail, cause: cause, stop: stop) ?? 0
        if stop == nil { note(.contextLost, in: next, cause: arrival) { $0.subject = lost } }
        return arrival
    }
}
