import MitoCore
import MitoTrace

/// Explanations of runs in which nobody need wait: who is busy for nothing, and what was left behind.
extension Explainer {
    func explanation(of livelock: Livelock) -> Explanation {
        let names = livelock.contexts.map(trace.name)
        let waiting = quiescence.pending
        let cause: Explanation.Cause = livelock.kind == .message ? .messageCircles : .deadlineRepeats
        return Explanation(
            verdict: .livelock, waits: waiting.first.map { trace.name($0.caller) } ?? "",
            function: waiting.first?.function ?? "", on: waiting.first.map { trace.name($0.callee) } ?? "",
            lostAt: names[0], because: cause,
            headline: "livelock: \(busy(names)) without end, and nothing comes of it.",
            story: livelock.kind == .message ? round(livelock, names) : firings(livelock, names[0]),
            remedy: Remedy(cause, at: livelock.contexts[0], trace: trace).text,
            chain: ["it began: \(trace.line(at: livelock.first))", "the latest: \(trace.line(at: livelock.latest))"],
            others: waiting.prefix(Self.linesMax).map(trace.wait),
            picture: WaitPicture(trace, lostAt: livelock.contexts[0], hops(round: livelock.contexts)))
    }

    func explanation(of leak: Leak) -> Explanation {
        let place = trace.name(leak.context)
        let what = leak.kind == .context ? "\(place) itself" : "\(place) has something that"
        let rest = leaks.filter { $0 != leak }.prefix(Self.linesMax).map(\.text)
        return Explanation(
            verdict: .leaked, waits: "", function: "", on: "", lostAt: place, because: leak.cause,
            headline: "leaked: nobody waits, but \(what) should be gone.", story: [leak.text],
            remedy: Remedy(leak.cause, at: leak.context, trace: trace).text,
            chain: [trace.line(at: leak.position)] + rest, others: [],
            picture: WaitPicture(trace, lostAt: leak.context))
    }

    // MARK: Words

    private static let linesMax = 20

    /// `rack and db are busy`.
    private func busy(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return "\(names[0]) is busy" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last) are busy"
    }

    private func round(_ livelock: Livelock, _ names: [String]) -> [String] {
        let what = MessageWords(trace: trace, position: trace.departure(of: livelock.latest) ?? livelock.latest).what
        let way = (names + [names[0]]).joined(separator: " → ")
        return [
            "It is \(what): it goes round \(way), each time because of the time before.",
            "That began \(trace.moment(livelock.first)), and has happened at least \(livelock.rounds) times.",
        ]
    }

    private func firings(_ livelock: Livelock, _ name: String) -> [String] {
        let event = trace.records[livelock.latest].event
        return [
            "\(name) is woken for the deadline of its handle \(event.handle) again and again, though it was set once.",
            "That began \(trace.moment(livelock.first)), and has happened \(livelock.rounds) times.",
        ]
    }

    private func hops(round places: [ContextID]) -> [WaitPicture.Hop] {
        guard places.count > 1 else { return [] }
        return zip(places, places.dropFirst() + places.prefix(1)).map {
            WaitPicture.Hop(from: $0, to: $1, what: "again and again", isLost: false)
        }
    }
}
