import MitoCore
import MitoTrace

/// Explanations of runs in which nobody need wait: who is busy for nothing, and what was left behind.
extension Explainer {
    func explanation(of livelock: Livelock) -> Explanation {
        let places = livelock.contexts
        let names = places.map(trace.name)
        let caller = quiescence.pending.first
        let cause: Explanation.Cause = livelock.kind == .message ? .messageCircles : .deadlineRepeats
        return Explanation(
            verdict: .livelock, waits: caller.map { trace.name($0.caller) } ?? "", function: caller?.function ?? "",
            on: caller.map { trace.name($0.callee) } ?? "", lostAt: names[0], because: cause,
            headline:
                "livelock: \(list(names)) \(names.count == 1 ? "is" : "are") busy without end, and nothing comes of it.",
            story: story(of: livelock, names), remedy: cause.remedy(at: names[0], waits: ""),
            chain: ["it began: \(trace.line(at: livelock.first))", "the latest: \(trace.line(at: livelock.latest))"],
            others: quiescence.pending.prefix(20).map(trace.wait),
            picture: WaitPicture(trace, lostAt: places[0], hops(round: places)))
    }

    func explanation(of leak: Leak) -> Explanation {
        let place = trace.name(leak.context)
        let rest = leaks.filter { $0 != leak }
        return Explanation(
            verdict: .leaked, waits: "", function: "", on: "", lostAt: place, because: leak.cause,
            headline: "leaked: nobody waits, but \(place) \(leak.kind == .context ? "itself" : "has something that")"
                + " should be gone.",
            story: [leak.text], remedy: leak.cause.remedy(at: place, waits: ""),
            chain: [trace.line(at: leak.position)] + rest.prefix(20).map(\.text), others: [],
            picture: WaitPicture(trace, lostAt: leak.context, []))
    }

    private func story(of livelock: Livelock, _ names: [String]) -> [String] {
        let first = trace.moment(livelock.first)
        guard livelock.kind == .message else {
            let handle = trace.records[livelock.latest].event.handle
            return [
                "\(names[0]) is woken for the deadline of its handle \(handle) again and again: \(livelock.rounds) times"
                    + " since \(first.dropFirst(3)), though it was set once."
            ]
        }
        let what = MessageWords(trace: trace, position: trace.departure(of: livelock.latest) ?? livelock.latest).what
        return [
            "It is \(what): it goes round \((names + [names[0]]).joined(separator: " → ")), each time because of the time"
                + " before.",
            "That began \(first), and has happened at least \(livelock.rounds) times.",
        ]
    }

    private func hops(round places: [ContextID]) -> [WaitPicture.Hop] {
        zip(places, places.dropFirst() + places.prefix(1)).map {
            WaitPicture.Hop(from: $0, to: $1, what: "again and again", isLost: false)
        }
    }

    private func list(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
