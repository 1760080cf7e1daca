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
        /// The time-out of a call came, and the call went on.
        case timeOutIgnored = "time-out-ignored"
        /// The callee is gone, and nobody saw it / the news is on its way / did not travel all the way.
        case lossUnnoticed = "loss-unnoticed"
        case noticeLate = "notice-late"
        case noticeLost = "notice-lost-on-link"
        case noticeNotPassedOn = "notice-not-passed-on"
        case noticeDropped = "notice-dropped"
        /// Livelocks: a message goes round for ever, or a deadline comes again and again.
        case messageCircles = "message-circles"
        case deadlineRepeats = "deadline-repeats"
        /// Leaks: what outlived its call, its context, or its parent.
        case handleKept = "handle-kept"
        case deadlineKept = "deadline-kept"
        case callKept = "call-kept"
        case routeKept = "route-kept"
        case contextKept = "context-kept"

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
                .deadlineMissed, .timeOutIgnored, .programNotTold, .programWaits, .contextNotUp, .notLaunched,
                .contextNotTraced, .lossUnnoticed, .noticeLate, .messageCircles, .deadlineRepeats, .handleKept,
                .deadlineKept, .callKept, .routeKept, .contextKept:
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
            case .replyNotSent: "whoever was asked must answer, whatever came of it, also while it ends."
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
            case .timeOutIgnored: "a time-out must end its call, whatever else is known of it."
            case .messageCircles:
                "nothing may be sent back to where it came from; what is known already is not told on."
            case .deadlineRepeats: "a deadline that has come is over; what is set anew must lie in the future."
            case .handleKept, .deadlineKept: "a call's handle and deadline must go when it ends, whatever way."
            case .callKept: "whoever ends must first end all its calls, so that its program hears of it."
            case .routeKept: "whoever is told that a context is gone must forget the way to it."
            case .contextKept: "a context must end when the link to its parent does."
            }
        }
    }
}
