import MitoTrace

/// Why somebody waits, or waited until its own time was over: for people as `text`, for programs as `json`.
public struct Explanation: Hashable, Sendable {
    public var verdict: Quiescence.Verdict
    /// Who waits, by name, for which function, of whom; no function when that context is only to come up.
    public var waits: String
    public var function: String
    public var on: String
    /// The context that had the message or the notice when it was last seen, or in which a function does not end.
    public var lostAt: String
    public var because: Cause
    /// The true cause, told in at most three sentences.
    public var story: [String]
    /// How one knows: who waits on whom, and the ways of request, reply and notice.
    public var chain: [String]
    /// How others who wait are explained, one line each.
    public var others: [String]

    /// What keeps this from happening.
    public var prevention: String { because.prevention }

    /// The first of at most five lines that name the cause.
    public var headline: String {
        let what = function.isEmpty ? on : "\(on).\(function)"
        return switch verdict {
        case .stalled: "stalled: \(waits) called \(what) and was woken only by its own time-out."
        case .onlyTimersLeft: "only timers left: \(waits) waits for \(what), and only time can end it."
        default: "\(verdict.rawValue): \(waits) waits for \(what), and nothing can end it."
        }
    }

    /// The whole explanation for people; its first five lines name the true cause.
    public var text: String {
        var lines = [headline] + story + ["Prevention: \(prevention)"]
        if !chain.isEmpty { lines += ["", "How we know:"] + chain.map { "  \($0)" } }
        if !others.isEmpty { lines += ["", "Others who wait:"] + others.map { "  \($0)" } }
        return lines.joined(separator: "\n")
    }

    /// The same as one JSON object.
    public var json: String {
        var json = JSONText()
        json.beginObject()
        json.field("verdict", verdict.rawValue)
        json.field("waits", waits)
        json.field("function", function)
        json.field("on", on)
        json.field("lost-at", lostAt)
        json.field("because", because.rawValue)
        json.field("story", story)
        json.field("chain", chain)
        json.field("others", others)
        json.field("prevention", prevention)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension Explanation {
    /// The kinds of causes, as a story's `because:` names them.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// The function that was called waits for something that does not come.
        case functionWaits = "function-waits"
        /// It sleeps.
        case functionSleeps = "function-sleeps"
        /// It runs and neither waits nor ends.
        case functionDoesNotEnd = "function-does-not-end"
        /// Functions call each other in a ring.
        case ring = "ring-of-calls"
        /// The request: it never left; a link did not bring it; a context took it and did nothing; gave it up silently.
        case requestNotSent = "request-not-sent"
        case requestLost = "request-lost-on-link"
        case requestNotPassedOn = "request-not-passed-on"
        case requestDropped = "request-dropped"
        /// It reached its context, and no function was started.
        case requestIgnored = "request-ignored"
        /// The reply, in the same way.
        case replyNotSent = "reply-not-sent"
        case replyLost = "reply-lost-on-link"
        case replyNotPassedOn = "reply-not-passed-on"
        case replyDropped = "reply-dropped"
        /// The answer came, and the caller was not woken.
        case waiterNotWoken = "waiter-not-woken"
        /// The answer came, and the program that asked was not told.
        case programNotTold = "program-not-told"
        /// A program waits for nothing that it asked its context for.
        case programWaits = "program-waits"
        /// Somebody on the way, or the callee, is frozen.
        case contextFrozen = "context-frozen"
        /// Time passed, and nobody told whoever waited for it.
        case deadlineMissed = "deadline-missed"
        /// A context that was asked for neither came up nor failed.
        case contextNotUp = "context-not-up"
        /// Its start was ordered, and of the process nothing was ever heard.
        case notLaunched = "not-launched"
        /// The trace ends at a context that writes none.
        case contextNotTraced = "context-not-traced"
        /// The callee is gone, and nobody saw it / the news is on its way / did not travel all the way.
        case lossUnnoticed = "loss-unnoticed"
        case noticeLate = "notice-late"
        case noticeLost = "notice-lost-on-link"
        case noticeNotPassedOn = "notice-not-passed-on"
        case noticeDropped = "notice-dropped"

        /// Whether the function that was called, or one that it waits for, simply does not end: nothing was lost.
        public var isOfTheProgram: Bool {
            switch self {
            case .functionWaits, .functionSleeps, .functionDoesNotEnd, .ring, .programWaits: true
            default: false
            }
        }

        /// Whether the call could not succeed any more and somebody in the tree knew: its caller should have been told.
        var isProvable: Bool {
            switch self {
            case .requestNotSent, .requestNotPassedOn, .requestDropped, .requestIgnored, .replyNotSent,
                .replyNotPassedOn, .replyDropped, .waiterNotWoken, .noticeLost, .noticeNotPassedOn, .noticeDropped:
                true
            case .functionWaits, .functionSleeps, .functionDoesNotEnd, .ring, .requestLost, .replyLost, .contextFrozen,
                .deadlineMissed, .programNotTold, .programWaits, .contextNotUp, .notLaunched, .contextNotTraced,
                .lossUnnoticed, .noticeLate:
                false
            }
        }

        /// What keeps this from happening.
        public var prevention: String {
            switch self {
            case .functionWaits: "end the wait from outside, or call with a time-out."
            case .functionSleeps: "wait longer, or call with a time-out."
            case .functionDoesNotEnd: "bound the function's work, or call with a time-out."
            case .ring: "a function must not wait for a call that comes back to a context which is busy."
            case .requestNotSent: "a call must hand its request to a link or end at once."
            case .requestLost, .replyLost:
                "a link must deliver or break: a cut without an end of stream needs a time-out."
            case .requestNotPassedOn: "a relay must pass a message on or answer it with a dead message."
            case .requestDropped: "whoever drops a message that wants a reply must answer it with a dead message."
            case .requestIgnored: "a context must run or answer every call that it takes."
            case .replyNotSent: "a function that ended must be answered for, also while its context ends."
            case .replyNotPassedOn, .replyDropped: "a reply that cannot be passed on must end its caller's wait."
            case .waiterNotWoken: "whoever takes an answer or the news of a loss must wake all who wait for it."
            case .programNotTold: "a driver must tell the program of every end that its context orders."
            case .programWaits: "end the wait from outside: resume the continuation, finish the stream, end the task."
            case .lossUnnoticed: "watch the link (keep-alive), or call with a time-out."
            case .contextFrozen: "watch contexts that may freeze (keep-alive), or call with a time-out."
            case .deadlineMissed: "a driver must wake a context when its deadline has come."
            case .contextNotUp: "bound the time that a context may take to come up."
            case .notLaunched: "whoever is ordered to start a process must start it or say that it cannot."
            case .contextNotTraced: "trace that context too, to see more; call it with a time-out."
            case .noticeLate: "wait longer than the news of a loss may travel."
            case .noticeLost: "the news of a loss must travel on a link that delivers or breaks."
            case .noticeNotPassedOn: "a relay must tell its parent, and everyone who ever addressed the lost context."
            case .noticeDropped: "the news of a loss must be taken from the neighbour that leads to the lost context."
            }
        }
    }
}

extension JSONText {
    mutating func field(_ key: String, _ text: String) {
        self.key(key)
        value(text)
    }

    mutating func field(_ key: String, _ texts: [String]) {
        self.key(key)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }
}
