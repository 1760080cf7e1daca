import MitoCore
import MitoTrace

/// What to do now about one cause: to which process or link, and whom that hits besides.
///
///     Remedy(.contextFrozen, at: rack, trace: trace).text     // let rack go on (kill -CONT), or kill it; …
struct Remedy {
    let cause: Explanation.Cause
    /// Where it was lost.
    let place: ContextID
    /// Who waits; nil where nobody does.
    let waiter: ContextID?
    /// The lower end of the link that lost something, or of the one whose end nobody saw.
    let link: ContextID?
    let trace: Trace

    init(
        _ cause: Explanation.Cause, at place: ContextID, waiter: ContextID? = nil, link: ContextID? = nil, trace: Trace
    ) {
        self.cause = cause
        self.place = place
        self.waiter = waiter
        self.link = link
        self.trace = trace
    }

    init(_ diagnosis: Diagnosis, waiter: ContextID, trace: Trace) {
        self.init(diagnosis.cause, at: diagnosis.place, waiter: waiter, link: diagnosis.link, trace: trace)
    }

    /// One line for people.
    var text: String {
        switch cause {
        case .functionSleeps, .noticeLate: "wait; it comes by itself."
        case .functionWaits, .functionDoesNotEnd, .ring:
            "look what \(here) is doing, or kill it; whoever waits for it is then told.\(alsoEnds)"
        case .contextFrozen:
            "let \(here) go on (kill -CONT), or kill it; whoever waits for it is then told.\(alsoEnds)"
        case .requestLost, .replyLost, .noticeLost: linkOpened
        case .lossUnnoticed: linkEnded
        case .contextNotUp, .notLaunched: "kill the process that \(here) started; the command then fails."
        case .contextNotTraced: "look into \(here) itself, or kill it; whoever waits for it is then told.\(alsoEnds)"
        case .waiterNotWoken, .timeOutIgnored, .deadlineMissed, .programNotTold, .programWaits, .requestNotSent:
            "restart \(here); nothing that comes from outside can wake it.\(alsoEnds)"
        case .requestNotPassedOn, .requestDropped, .requestIgnored, .replyNotSent, .replyNotPassedOn, .replyDropped,
            .noticeNotPassedOn, .noticeDropped:
            place == waiter || place == .master
                ? "restart \(here).\(alsoEnds)"
                : "kill \(here); its links break, and whoever waits across them is then told.\(alsoEnds)"
        case .messageCircles: "kill \(here); what goes round ends with it.\(alsoEnds)"
        case .deadlineRepeats: "restart \(here); it keeps a processor busy.\(alsoEnds)"
        case .callKept: "see whether the process of \(here) is still there, and kill it."
        case .handleKept, .deadlineKept, .routeKept: "nothing is urgent; restart \(here) when it suits.\(alsoEnds)"
        case .contextKept: "kill the process of \(here) by hand; nobody else will."
        }
    }

    // MARK: Links

    private var linkOpened: String {
        guard let link else { return "mend the link at \(here), or break it for good; \(Self.told)" }
        return trace.closingDeed(of: link).map { trace.records[$0].event.deed } == "hold"
            ? "release the link above \(name(link)); what is on it goes on."
            : "mend the link above \(name(link)), or break it for good; \(Self.told)"
    }

    /// How a link is broken from outside: by the end of what carries it.
    private var linkEnded: String {
        guard let link else { return "break the link of \(here) to what is gone; \(Self.told)" }
        let method = trace.positions(of: .launchStarted).last { trace.records[$0].event.subject == link }
            .flatMap { trace.records[$0].event.text.split(separator: " ").first }
        guard let method, method != "local" else {
            return "end what still holds \(here)'s link to \(name(link)); \(Self.told)"
        }
        return "end the \(method) process of \(here) that leads to \(name(link)); \(Self.told)"
    }

    // MARK: Others

    /// Whoever ends with a context that is killed: its children see the end of their link, and end too.
    private var alsoEnds: String {
        guard place != .master else { return "" }
        let ends = below(place).map { $0 == waiter ? "\(name($0)) (who waits)" : name($0) }
        guard let first = ends.first else { return "" }
        if ends.count == 1 { return " This also ends \(first), which is below it." }
        let isLong = ends.count > Self.namesMax
        let shown = isLong ? ends.prefix(Self.namesMax - 1) : ends.dropLast()
        let rest = isLong ? "\(ends.count - shown.count) more" : ends[ends.count - 1]
        return " This also ends \(shown.joined(separator: ", ")) and \(rest), which are below it."
    }

    /// The living contexts below one, from the top down; each once, also where a trace lies about a ring.
    private func below(_ context: ContextID) -> [ContextID] {
        var found = [context]
        var seen: Set = [context]
        var next = 0
        while next < found.count {
            let children = trace.tree.children(of: found[next]).filter { !trace.isBroken(linkAbove: $0) }
            found += children.filter { seen.insert($0).inserted }
            next += 1
        }
        return Array(found.dropFirst())
    }

    private var here: String { name(place) }
    private func name(_ context: ContextID) -> String { trace.name(context) }

    private static let told = "whoever waits across it is then told."
    private static let namesMax = 6
}
