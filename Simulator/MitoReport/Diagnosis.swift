import MitoCore
import MitoTrace

/// Why one call has no answer: the fate of its request, of its replies, of its function, or of the news of a loss.
struct Diagnosis: Sendable {
    var cause: Explanation.Cause
    /// The context where it was last seen.
    var place: ContextID
    /// The true cause, in sentences.
    var story: [String]
    /// How one knows.
    var evidence: [String] = []
    /// The way of what was lost, as far as it came.
    var trail: [WaitPicture.Hop] = []
    /// The lower end of the link that lost it, or of the one whose end nobody saw.
    var link: ContextID?

    /// `trace` is the run as it stood; `whole` tells what was only late.
    init(_ call: Call, in trace: Trace, whole: Trace) {
        let examiner = Examiner(call: call, trace: trace, whole: whole)
        self = examiner.diagnosis
        evidence = examiner.evidence + evidence
        if trail.isEmpty { trail = examiner.trail }
    }

    init(
        _ cause: Explanation.Cause, at place: ContextID, _ story: [String], evidence: [String] = [],
        trail: [WaitPicture.Hop] = [], link: ContextID? = nil
    ) {
        self.link = link
        self.cause = cause
        self.place = place
        self.story = story
        self.evidence = evidence
        self.trail = trail
    }

    static func ring(_ calls: [Call], in trace: Trace) -> Diagnosis {
        let last = calls[calls.count - 1]
        return Diagnosis(
            .ring, at: last.callee,
            [
                calls.map(trace.wait).joined(separator: ", ") + ".",
                "\(trace.name(last.callee)) is busy with a function of this ring, so the last call never runs.",
            ], evidence: WaitGraph(trace).sentences(.init(calls: calls)))
    }
}

/// Goes through what can become of a call, in the order in which it happens.
struct Examiner {
    let call: Call
    let trace: Trace
    let whole: Trace
    let request: Journey
    let replies: [Journey]

    /// - Parameter request: the way of the request, where that is no CALL_FUNCTION.
    init(call: Call, trace: Trace, whole: Trace, request: Journey? = nil) {
        self.call = call
        self.trace = trace
        self.whole = whole
        self.request = request ?? trace.request(of: call)
        replies = trace.replies(to: call)
    }

    /// What became of the request or the reply, unless both came where they were meant to.
    var messageTrouble: Diagnosis? { sentBack ?? replyTrouble ?? requestTrouble }

    var evidence: [String] {
        [tell("the request", request)] + replies.map { tell("the reply", $0) }
    }

    /// The way of the reply, or of the request where there is none.
    var trail: [WaitPicture.Hop] {
        replies.last.map { $0.hops("reply") } ?? request.hops("request")
    }

    var diagnosis: Diagnosis {
        if let found = messageTrouble { return found }
        if let lost = trace.lost(between: call.caller, and: call.callee) {
            return NoticeWalk(call: call, lost: lost, listener: call.caller, trace: trace, whole: whole).diagnosis
        }
        return unreadable(call.callee, "\(name(call.callee)) has the request and does nothing.") ?? functionTrouble
    }

    // MARK: The request

    private var requestTrouble: Diagnosis? {
        let what = "The request"
        switch request.end {
        case .delivered: return nil
        case .unsent(let place):
            return Diagnosis(.requestNotSent, at: place, ["\(what) never left \(name(place))."])
        case .dropped(let place, let reason):
            return Diagnosis(
                .requestDropped, at: place,
                ["\(name(place)) dropped the request (\(reason.word)) and sent no dead message back."])
        case .vanished(let place):
            if trace.isGone(place) { return lossTrouble(of: place) }
            return Diagnosis(
                .requestNotPassedOn, at: place, ["\(what) came into \(name(place)), which did nothing with it."])
        case .underway(let frame, let from, let to):
            if trace.isGone(to) || trace.isBroken(linkAbove: frame.link) { return lossTrouble(of: to) }
            let fate = neverCame(what, frame, from, to)
            return unreadable(to, fate) ?? Diagnosis(.requestLost, at: from, [fate] + closed(frame), link: frame.link)
        }
    }

    /// Somebody still took the lost callee to be where the request had just come from, and sent it back there, where it
    /// looks forged: then that one should have been told of the loss.
    private var sentBack: Diagnosis? {
        let path = request.path
        guard case .dropped(let place, let reason) = request.end, path.count > 2,
            path[path.count - 3] == path[path.count - 1],
            let lost = trace.lost(between: path[path.count - 2], and: call.callee)
        else { return nil }
        let misled = path[path.count - 2]
        var found = NoticeWalk(call: call, lost: lost, listener: misled, trace: trace, whole: whole).diagnosis
        found.story.append(
            "So \(name(misled)) sent the request back to \(name(place)), which refused it (\(reason.word)), and nobody"
                + " told \(name(call.caller)).")
        return found
    }

    /// The message went down with a context: then the news of that loss should have woken the caller.
    private func lossTrouble(of context: ContextID) -> Diagnosis? {
        guard let lost = trace.lost(between: call.caller, and: context) else {
            return Diagnosis(
                .lossUnnoticed, at: call.caller, ["\(name(call.caller)) is cut off from \(name(context)) and goes on."])
        }
        return NoticeWalk(call: call, lost: lost, listener: call.caller, trace: trace, whole: whole).diagnosis
    }

    // MARK: The replies

    private var replyTrouble: Diagnosis? {
        guard let reply = replies.first(where: \.isDelivered) ?? replies.last else { return nil }
        let what = refusal(reply) ?? "The reply"
        switch reply.end {
        case .delivered(let place):
            return Diagnosis(
                .waiterNotWoken, at: place, ["\(what) reached \(name(place)), which did not end the call."])
        case .unsent: return nil
        case .dropped(let place, let reason):
            // Cut off from the caller it could not do better: then the news of the loss should have woken the caller.
            if trace.lost(between: call.caller, and: place) != nil { return lossTrouble(of: place) }
            return Diagnosis(.replyDropped, at: place, ["\(name(place)) dropped the reply (\(reason.word))."])
        case .vanished(let place):
            if trace.isGone(place) { return lossTrouble(of: place) }
            return Diagnosis(
                .replyNotPassedOn, at: place, ["\(what) came into \(name(place)), which did not pass it on."])
        case .underway(let frame, let from, let to):
            if trace.isGone(to) || trace.isBroken(linkAbove: frame.link) { return lossTrouble(of: from) }
            let fate = neverCame(what, frame, from, to)
            return unreadable(to, fate) ?? Diagnosis(.replyLost, at: from, [fate] + closed(frame), link: frame.link)
        }
    }

    /// A dead message with its reason, when the reply is one.
    private func refusal(_ reply: Journey) -> String? {
        guard let sent = reply.records.first, trace.records[sent].event.replyTo == .dead else { return nil }
        let refuser = trace.records[sent].event.source
        guard case .dropped(let place, let reason) = request.end, place == refuser else {
            return "The dead message of \(name(refuser))"
        }
        return "The dead message of \(name(refuser)), which refused the request (\(reason.word)),"
    }

    // MARK: The function

    private var functionTrouble: Diagnosis {
        let callee = name(call.callee)
        guard let run = trace.run(of: call) else {
            let ending = trace.positions(of: .shutdownBegan).first { trace.records[$0].context == call.callee }
            let state = ending.map { ["\(callee) had begun to end \(trace.moment($0)); it should have said so."] } ?? []
            return Diagnosis(
                .requestIgnored, at: call.callee,
                ["The request reached \(callee), which started no function for it and did not answer."] + state)
        }
        if let ended = trace.seen(run.ended) { return missingReply(since: ended) }
        guard trace.seen(run.started) != nil else { return waitsItsTurn }
        return Diagnosis.unending(run, trace, "\(callee).\(run.function)")
    }

    private func missingReply(since ended: Int) -> Diagnosis {
        let callee = name(call.callee)
        let told = "\(callee).\(call.function) ended \(trace.moment(ended))"
        let drop = trace.effects(of: ended).first { trace.records[$0].event.kind == .dropped }
        guard let drop else {
            return Diagnosis(.replyNotSent, at: call.callee, ["\(told), but no reply ever left \(callee)."])
        }
        let reason = trace.records[drop].event.reason.word
        return Diagnosis(.replyDropped, at: call.callee, ["\(told), but \(callee) dropped its reply (\(reason))."])
    }

    private var waitsItsTurn: Diagnosis {
        let callee = name(call.callee)
        guard let busy = trace.busyRun(in: call.callee) else {
            return Diagnosis(
                .requestIgnored, at: call.callee,
                ["\(callee) put \(call.function) in its queue and never started it, though nothing else runs there."])
        }
        var diagnosis = Diagnosis.unending(busy, trace, "\(callee).\(busy.function)")
        diagnosis.story.insert(
            "\(callee) runs one function after another; this call waits behind \(busy.function).", at: 0)
        return diagnosis
    }

    // MARK: Words

    private func name(_ context: ContextID) -> String { trace.name(context) }

    private func neverCame(_ what: String, _ frame: FrameName, _ from: ContextID, _ to: ContextID) -> String {
        let left = "\(what) left \(name(from)) as \(trace.describe(frame))"
        return trace.isTraced(to) ? "\(left) and never came into \(name(to))." : "\(left), towards \(name(to))."
    }

    /// A context of which the trace cannot tell what it does: it is frozen, or it wrote none.
    private func unreadable(_ context: ContextID, _ fate: String) -> Diagnosis? {
        if !trace.isTraced(context) {
            return Diagnosis(
                .contextNotTraced, at: context,
                [fate, "\(name(context)) writes no trace, so what became of it there is not known."])
        }
        guard trace.isFrozen(context) else { return nil }
        return Diagnosis(
            .contextFrozen, at: context,
            [fate, "\(name(context)) is frozen, and nobody can tell that from a slow link."])
    }

    /// What was done to a link on purpose.
    private func closed(_ frame: FrameName) -> [String] {
        guard let closing = trace.closingDeed(of: frame.link) else { return [] }
        return trace.records[closing].event.deed == "hold"
            ? ["The link of \(name(frame.link)) is held: what is on it waits."]
            : ["The link of \(name(frame.link)) is cut, and neither end can tell."]
    }

    private func tell(_ what: String, _ journey: Journey) -> String {
        let way = "\(what) \(walked(journey))"
        switch journey.end {
        case .delivered: return "\(way) and was delivered"
        case .dropped(_, let reason): return "\(way) and was dropped there: \(reason.word)"
        case .underway(let frame, _, let to) where !trace.isTraced(to):
            return "\(way) and on to \(name(to)), which writes no trace (\(trace.describe(frame)))"
        case .underway(let frame, _, let to): return "\(way) and never came into \(name(to)) (\(trace.describe(frame)))"
        case .vanished(let place): return trace.isGone(place) ? "\(way), which ended with it" : "\(way) and no further"
        case .unsent(let place): return "\(what) never left \(name(place))"
        }
    }

    private func walked(_ journey: Journey) -> String {
        if journey.path.count > 1 { return "went \(trace.way(journey.path))" }
        if case .underway = journey.end { return "left \(trace.way(journey.path))" }
        return "stayed in \(trace.way(journey.path))"
    }
}

extension Diagnosis {
    /// A function that does not come to its end.
    static func unending(_ run: FunctionRun, _ trace: Trace, _ function: String) -> Diagnosis {
        guard let wait = run.wait(in: trace) else {
            return Diagnosis(
                .functionDoesNotEnd, at: run.context, ["\(function) was started and neither waits nor ends."])
        }
        if run.isSleeping(in: trace) {
            if let due = run.overdue(in: trace) {
                return Diagnosis(
                    .deadlineMissed, at: run.context,
                    ["\(function) was to go on at \(due.rounded), after \"\(wait)\", and nobody told it."])
            }
            return Diagnosis(.functionSleeps, at: run.context, ["\(function) is in the middle of \"\(wait)\"."])
        }
        return Diagnosis(.functionWaits, at: run.context, ["\(function) runs and waits: \(wait)."])
    }
}

extension Trace {
    /// Whether the trace has anything from this context: a Python one, say, writes none.
    func isTraced(_ context: ContextID) -> Bool { tree.member(context)?.isTraced ?? false }

    /// Whether the world last froze this context and has not thawed it.
    func isFrozen(_ context: ContextID) -> Bool { lastDeed(to: context, among: ["freeze", "thaw"]) == "freeze" }

    /// The last of these words that the world did to a context or to the link above it; which way is left out.
    func lastDeed(to context: ContextID, among words: [String]) -> String? {
        lastDeedPosition(to: context, among: words).map { records[$0].event.deed }
    }

    /// Where the world last did one of these words to a context or to the link above it.
    func lastDeedPosition(to context: ContextID, among words: [String]) -> Int? {
        positions(of: .command).last { position in
            let event = records[position].event
            return event.isOfTheWorld && event.subject == context && words.contains(event.deed)
        }
    }
}

extension Event {
    /// The word for what the world did, without what follows it: `cut` of `cut up`.
    var deed: String { String(text.prefix { $0 != " " }) }
    /// What follows the word.
    var names: [String] { text.split(separator: " ").dropFirst().map(String.init) }
}
