import MitoCore
import MitoTrace

/// Follows the news of a loss from the context that saw it to the one that waits, and finds where it stopped.
///
/// By the protocol, whoever loses a context tells its own parent, and every neighbour below that ever addressed it,
/// with a DEL_ROUTE; each of these does the same. At the end the caller wakes all who wait for it.
struct NoticeWalk {
    let call: Call
    /// The uppermost context that was lost on the way to the callee; its parent must see it first.
    let lost: ContextID
    /// Who should have heard of it in the end: the caller, or whoever misled the caller's request.
    let listener: ContextID
    let trace: Trace
    let whole: Trace

    var diagnosis: Diagnosis {
        if let witness = trace.tree.parent(of: lost), !trace.isTraced(witness) {
            return Diagnosis(
                .contextNotTraced, at: witness,
                [beginning(witness), "\(name(witness)) writes no trace: whether it saw that is not known."])
        }
        guard let witness = trace.tree.parent(of: lost), let seen = trace.lossSeen(of: lost) else {
            let witness = trace.tree.parent(of: lost) ?? .master
            return unseen(by: witness)
        }
        guard let path = trace.tree.path(from: witness, to: listener) else { return unseen(by: witness) }
        var found = walk(path, from: seen)
        found.story.insert(beginning(witness), at: 0)
        return found
    }

    // MARK: The walk

    private func walk(_ path: [ContextID], from seen: Int) -> Diagnosis {
        var learned = seen
        var told = ["\(name(path[0])) saw the loss of \(name(lost)) \(trace.moment(seen))"]
        var trail: [WaitPicture.Hop] = []
        for (here, next) in zip(path, path.dropFirst()) {
            let hop = WaitPicture.Hop(from: here, to: next, what: "\(gone) is gone", isLost: false)
            guard let notice = notice(from: here, to: next, since: learned) else {
                return silent(at: here, towards: next, told).after(trail + [hop.lost("not told: \(gone) is gone")])
            }
            let frame = FrameName(trace.records[notice].event)
            guard trace.isTraced(next) else { return unread(by: next, told).after(trail + [hop]) }
            guard let arrival = trace.passage(frame).in else {
                return underway(frame, from: here, to: next, told).after(trail + [hop.lost(hop.what)])
            }
            trail.append(hop)
            told.append("\(name(here)) told \(name(next)) that \(gone) is gone (\(trace.describe(frame)))")
            if let refusal = trace.effects(of: arrival).first(where: { trace.records[$0].event.kind == .dropped }) {
                return refused(by: next, trace.records[refusal].event, told).after(trail)
            }
            learned = arrival
        }
        guard listener == call.caller else {
            return Diagnosis(
                .routeKept, at: listener, ["\(name(listener)) was told, and still has its route."], evidence: told,
                trail: trail)
        }
        return Diagnosis(
            .waiterNotWoken, at: call.caller,
            ["The news reached \(name(call.caller)), which did not end the call."], evidence: told, trail: trail)
    }

    /// The DEL_ROUTE about the callee that `here` sent to its neighbour after it learned of the loss.
    private func notice(from here: ContextID, to next: ContextID, since learned: Int) -> Int? {
        let upward = trace.tree.parent(of: here) == next
        let link = upward ? here : next
        return trace.framesOut(toFixed: .delRoute).first { position in
            let record = trace.records[position]
            return position >= learned && record.context == here && record.event.link == link
                && record.event.upward == upward && RouteSubjects.isAbout(call.callee, record.event)
        }
    }

    // MARK: Where it stopped

    private func silent(at here: ContextID, towards next: ContextID, _ told: [String]) -> Diagnosis {
        let keepsRoute = trace.routes(of: here).contains { $0.subject == call.callee }
        let route = keepsRoute ? " It still has its route to \(name(call.callee))." : ""
        let heard = here == trace.tree.parent(of: lost) ? "saw it" : "was told"
        let duty = duty(of: here, towards: next)
        let effect = listener == call.caller ? ["So \(name(call.caller)) never heard of it."] : []
        return Diagnosis(
            .noticeNotPassedOn, at: here,
            ["\(name(here)) \(heard), but did not tell \(name(next)), although \(duty).\(route)"] + effect,
            evidence: told + ["\(name(here)) passed nothing on to \(name(next))"])
    }

    /// Why `here` owes `next` the news.
    private func duty(of here: ContextID, towards next: ContextID) -> String {
        if trace.tree.parent(of: here) == next { return "a parent must always be told" }
        let request = trace.request(of: call).records.first {
            let record = trace.records[$0]
            return record.event.kind == .frameIn && record.context == here && record.event.link == next
        }
        guard let request else { return "the call came from there" }
        return "it had addressed \(name(call.callee)) (\(trace.describe(FrameName(trace.records[request].event))))"
    }

    private func underway(_ frame: FrameName, from here: ContextID, to next: ContextID, _ told: [String]) -> Diagnosis {
        if whole.passage(frame).in != nil {
            return Diagnosis(
                .noticeLate, at: here,
                ["The news was still on its way from \(name(here)) to \(name(next)) (\(trace.describe(frame)))."],
                evidence: told)
        }
        return Diagnosis(
            .noticeLost, at: here,
            ["\(name(here)) told \(name(next)) (\(trace.describe(frame))), but that never came."], evidence: told,
            link: frame.link)
    }

    private func unread(by place: ContextID, _ told: [String]) -> Diagnosis {
        Diagnosis(
            .contextNotTraced, at: place,
            ["\(name(place)) was told, and writes no trace: what it did with the news is not known."], evidence: told)
    }

    private func refused(by place: ContextID, _ event: Event, _ told: [String]) -> Diagnosis {
        Diagnosis(
            .noticeDropped, at: place,
            ["\(name(place)) was told, but dropped the news (\(event.reason.word)) and passed nothing on."],
            evidence: told)
    }

    private func unseen(by witness: ContextID) -> Diagnosis {
        if trace.isFrozen(witness) {
            return Diagnosis(
                .contextFrozen, at: witness,
                [beginning(witness), "\(name(witness)), to which it was connected, is frozen and tells nobody."])
        }
        return Diagnosis(
            .lossUnnoticed, at: witness,
            [
                beginning(witness),
                "\(name(witness)), to which it was connected, saw no end of the link, so nobody was told.",
            ], link: lost)
    }

    // MARK: Words

    private func name(_ context: ContextID) -> String { trace.name(context) }

    private var gone: String { name(call.callee) }

    private func beginning(_ witness: ContextID) -> String {
        let member = trace.tree.member(lost)
        let via = lost == call.callee ? "" : ", and with it the way to \(gone)"
        if let killed = trace.seen(member?.killed) { return "\(name(lost)) was killed \(trace.moment(killed))\(via)." }
        if let down = trace.seen(member?.down) { return "\(name(lost)) ended \(trace.moment(down))\(via)." }
        if let exited = trace.seen(member?.exited), let status = member?.status {
            return "\(name(lost)) ended (\(status)) \(trace.moment(exited))\(via)."
        }
        if let broken = trace.seen(member?.lostBelow) ?? trace.seen(member?.lostAbove) {
            return "The link between \(name(witness)) and \(name(lost)) broke \(trace.moment(broken))\(via)."
        }
        return "\(name(lost)) cannot be reached any more\(via)."
    }
}

extension Diagnosis {
    /// The same, with the way that the news went.
    fileprivate func after(_ trail: [WaitPicture.Hop]) -> Diagnosis {
        var diagnosis = self
        diagnosis.trail = trail
        return diagnosis
    }
}

extension WaitPicture.Hop {
    /// The same hop, which nothing came along.
    fileprivate func lost(_ what: String) -> Self { Self(from: from, to: to, what: what, isLost: true) }
}
