import MitoCore
import MitoTrace

/// What one message was for, and who misses it when it does not come.
struct MessageWords {
    let trace: Trace
    /// A frame that was sent.
    let position: Int

    var event: Event { trace.records[position].event }

    /// The context at the other end of the link.
    var receiver: ContextID {
        event.upward ? trace.tree.parent(of: event.link) ?? .master : event.link
    }

    /// What it is, as a noun.
    var what: String {
        let (from, to) = (name(event.source), name(event.destination))
        if event.replyTo == .dead {
            return "the dead message of \(from) \(purpose ?? "to handle \(event.handle) of \(to)")"
        }
        switch event.handle {
        case .callFunction:
            guard let call = trace.call(from: event.source, at: event.replyTo) else {
                return connect == nil ? "a call of \(from) to \(to)" : "\(from)'s request that \(to) start a context"
            }
            return "\(from)'s call of \(to).\(call.function)"
        case .addRoute: return "the news of \(from) that it reaches \(subject.map(name) ?? "a context") (ADD_ROUTE)"
        case .delRoute: return "the news of \(from) that \(subject.map(name) ?? "a context") is gone (DEL_ROUTE)"
        case .shutdown: return "the word of \(from) that \(to) is to end (SHUTDOWN)"
        case .allocateID: return "\(from)'s request for context ids"
        case .forwardLog: return "a line of \(from)'s log"
        case .firstDynamic...:
            return purpose.map { "the reply of \(from) \($0)" } ?? "an item of \(from) for a receiver of \(to)"
        default: return "a message of \(from) to handle \(event.handle) of \(to)"
        }
    }

    /// What came of its loss.
    var effect: (text: String, isHarmless: Bool) {
        switch event.handle {
        case _ where event.replyTo == .dead, .firstDynamic...: missedAnswer
        case .callFunction: missedRequest
        case .addRoute:
            (
                "\(name(receiver)) does not know the way to \(subject.map(name) ?? "it"), nor does anybody above:"
                    + " calls to it are refused there, and so is what it sends.", false
            )
        case .delRoute: missedLoss
        case .shutdown: missedShutdown
        case .allocateID: missedIDs(event.source)
        default: ("Nobody waits because of it.", true)
        }
    }

    // MARK: Parts

    private func name(_ context: ContextID) -> String { trace.name(context) }

    /// `to master's call of db.report`, `to rack's request for context ids`.
    private var purpose: String? {
        let whose = name(event.destination)
        if let call = trace.call(from: event.destination, at: event.handle) {
            return "to \(whose)'s call of \(name(call.callee)).\(call.function)"
        }
        if asksForIDs { return "to \(whose)'s request for context ids" }
        if connect != nil { return "to \(whose)'s request to start a context" }
        return nil
    }

    /// Is it an answer to ALLOCATE_ID?
    private var asksForIDs: Bool {
        trace.framesOut(from: event.destination, replyTo: event.handle)
            .contains { trace.records[$0].event.handle == .allocateID }
    }

    /// The connect command whose request or answer this is.
    private var connect: Int? {
        let isAnswer = event.handle >= .firstDynamic
        let asker = isAnswer ? event.destination : event.source
        let handle = isAnswer ? event.handle : event.replyTo
        return trace.connect(of: asker, waitingAt: handle)
    }

    /// Whom an ADD_ROUTE or a DEL_ROUTE is about.
    private var subject: ContextID? { RouteSubjects(trace.tree)[event] }

    private var missedRequest: (String, Bool) {
        if let call = trace.call(from: event.source, at: event.replyTo) { return fate(of: call) }
        if let connect { return fate(ofConnect: connect) }
        return ("No answer was wanted, so nobody waits; it was not run.", true)
    }

    private var missedAnswer: (String, Bool) {
        if let call = trace.call(from: event.destination, at: event.handle) { return fate(of: call) }
        if asksForIDs { return missedIDs(event.destination) }
        if let connect { return fate(ofConnect: connect) }
        let reader = trace.busyRun(in: event.destination).flatMap { run in
            run.wait(in: trace)?.hasPrefix("items") == true ? run : nil
        }
        guard let reader, event.replyTo == .dead else {
            return ("Nobody waits because of it; what is received lacks it.", true)
        }
        return ("\(name(event.destination)).\(reader.function) waits for the end of its items.", false)
    }

    private var missedLoss: (String, Bool) {
        let waiting = trace.calls.filter { $0.callee == subject && trace.isPending($0) }
        guard waiting.isEmpty else { return (waiting.prefix(3).map(trace.wait).joined(separator: ", ") + ".", false) }
        return ("Nobody waits for it; \(name(receiver)) keeps a route that leads nowhere.", true)
    }

    private var missedShutdown: (String, Bool) {
        let ended = event.destination
        if !trace.isGone(ended) { return ("\(name(ended)) was never asked to end, and goes on.", false) }
        return ("\(name(ended)) was never asked to end; it went when its parent's patience or link did.", false)
    }

    private func missedIDs(_ asker: ContextID) -> (String, Bool) {
        let waits = trace.positions(of: .connectStarted).contains {
            trace.records[$0].context == asker && trace.isOpenConnect($0)
        }
        return waits
            ? ("\(name(asker)) waits for ids, and what it was to start does not come up.", false)
            : ("Nobody waits because of it.", true)
    }

    private func fate(of call: Call) -> (String, Bool) {
        if trace.isPending(call) { return ("\(trace.wait(call)).", false) }
        guard let ended = trace.seen(call.ended) else {
            return ("\(name(call.caller)) is gone and waits no more.", true)
        }
        let how = call.reason == .timedOut ? "was woken only by its time-out" : "ended (\(call.reason.word))"
        return ("\(name(call.caller))'s call \(how) \(trace.moment(ended)).", call.reason != .timedOut)
    }

    private func fate(ofConnect position: Int) -> (String, Bool) {
        let record = trace.records[position]
        return trace.isOpenConnect(position)
            ? ("\(name(record.context)) waits for \(record.event.text).", false)
            : ("The connect command ended otherwise.", true)
    }
}
