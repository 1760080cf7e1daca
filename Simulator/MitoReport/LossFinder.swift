import MitoCore
import MitoTrace

/// Looks for the gaps.
struct LossFinder {
    let trace: Trace

    // MARK: Messages

    var messages: [Loss] {
        (trace.index.skipped + trace.index.tails.flatMap { $0.filter(isLost) })
            .filter { $0 < trace.end && !isOfTheWorld(trace.records[$0].event.link) && !isHeldUp($0) }
            .map(message)
    }

    /// What is still on its way when a link ends, or when a context does, is no loss; but whoever saw the end of a
    /// stream must have seen all that was sent before, and a living link must bring everything.
    private func isLost(_ position: Int) -> Bool {
        let frame = FrameName(trace.records[position].event)
        let sender = trace.records[position].context
        let receiver = frame.upward ? trace.tree.parent(of: frame.link) ?? .master : frame.link
        guard trace.isTraced(receiver), !trace.wasKilled(sender) else { return false }
        if let saw = trace.endOfStream(frame.link, seenBy: receiver) { return position < saw }
        return !trace.isGone(receiver) && !trace.isGone(sender)
    }

    /// Does it wait at a context that is frozen?
    private func isHeldUp(_ position: Int) -> Bool {
        trace.isFrozen(trace.receiver(of: FrameName(trace.records[position].event)))
    }

    /// Was the link, or an end of it, made to lose something on purpose?
    private func isOfTheWorld(_ link: ContextID) -> Bool {
        trace.positions(of: .command).contains {
            let event = trace.records[$0].event
            return event.isOfTheWorld && event.subject == link
                && ["cut", "hold", "freeze"].contains { event.text.hasPrefix($0) }
        }
    }

    private func message(_ position: Int) -> Loss {
        let record = trace.records[position]
        let words = MessageWords(trace: trace, position: position)
        return Loss(
            kind: .message, what: words.what, place: record.context, position: position,
            lastSeen: "left \(name(record.context)) as \(trace.describe(FrameName(record.event)))"
                + " \(trace.moment(position)) and never came into \(name(words.receiver))",
            effect: words.effect.text, isHarmless: words.effect.isHarmless)
    }

    // MARK: Launches

    /// A child that its parent never heard of. One that was given up before it could begin was not lost.
    var launches: [Loss] {
        let failures = trace.positions(of: .launchFailed)
        return trace.positions(of: .launchStarted).compactMap { position in
            let event = trace.records[position].event
            let child = event.subject
            let starter = trace.records[position].context
            let isHeard = trace.positions(of: .linkUp).contains { trace.records[$0].event.subject == child }
            guard !isHeard, !trace.isGone(starter), trace.tree.member(child)?.killed == nil, !isOfTheWorld(child)
            else { return nil }
            let failure = failures.first { trace.records[$0].event.subject == child }
            if let failure, trace.cause(of: failure).map({ trace.records[$0].event.kind }) != .timerFired { return nil }
            let effect =
                failure.map { "\(name(starter)) gave it up by its time-out \(trace.moment($0))." }
                ?? "\(name(starter)) waits for it to come up."
            let silence =
                trace.isTraced(child) ? "came up, of which \(name(starter)) never heard" : "was never heard of"
            return Loss(
                kind: .launch, what: "the start of \(name(child)) (\(event.text))", place: starter, position: position,
                lastSeen: "was ordered by \(name(starter)) \(trace.moment(position)); the process \(silence)",
                effect: effect, isHarmless: false)
        }
    }

    // MARK: Deadlines

    var deadlines: [Loss] {
        trace.overdueTimers.map { timer in
            let event = trace.records[timer.armed].event
            let context = trace.records[timer.armed].context
            let call = trace.call(from: context, at: event.handle)
            let whose = call.map { "\(name(context))'s call of \(name($0.callee)).\($0.function)" } ?? name(context)
            let waits = call.map { "\(trace.wait($0)), for longer than it wanted." }
            return Loss(
                kind: .deadline, what: "the time-out of \(whose)", place: context, position: timer.armed,
                lastSeen: "was set \(trace.moment(timer.armed)) for \(event.text) and did not come",
                effect: waits ?? "Nobody waits because of it.", isHarmless: call == nil)
        }
    }

    // MARK: Ends

    /// A context that said its last word, and whose parent, which is still there, never saw its process end.
    var exits: [Loss] {
        trace.positions(of: .contextDown).compactMap { position in
            let context = trace.records[position].context
            guard let parent = trace.tree.parent(of: context), let member = trace.tree.member(context),
                member.exited == nil, member.killed == nil, trace.isTraced(parent), !trace.isGone(parent)
            else { return nil }
            return Loss(
                kind: .exit, what: "the end of \(name(context))'s process", place: context, position: position,
                lastSeen: "was ordered \(trace.moment(position)), and \(name(parent)) never saw it",
                effect: "The process is left behind; nobody waits for it.", isHarmless: true)
        }
    }

    // MARK: Closed links

    /// A link that one end gave up by itself, whose other end lives on and never heard of that.
    var closes: [Loss] {
        let givenUp = trace.positions(of: .timerFired).filter(endsLink)
        return (trace.positions(of: .linkDown) + givenUp).compactMap { position in
            let link = trace.records[position].event.link
            let closer = trace.records[position].context
            let isAbove = closer != link
            guard let member = trace.tree.member(link), let other = isAbove ? link : member.parent,
                trace.isTraced(other), !trace.isGone(other), !isOfTheWorld(link), !isOfTheWorld(other),
                (isAbove ? member.lostAbove : member.lostBelow) == nil,
                isAbove || !givenUp.contains(where: { trace.records[$0].event.link == link })
            else { return nil }
            return Loss(
                kind: .close, what: "the end of the link of \(name(link))", place: closer, position: position,
                lastSeen: "was closed by \(name(closer)) \(trace.moment(position)), of which \(name(other)) never"
                    + " heard",
                effect: isAbove
                    ? "\(name(link)) goes on, and nobody can reach it."
                    : "\(name(other)) still takes \(name(link)) for its child.", isHarmless: false)
        }
    }

    /// A link whose child was asked to end and did not is closed when the child's time is over.
    private func endsLink(_ fired: Int) -> Bool {
        let event = trace.records[fired].event
        return event.link != .master
            && trace.positions(of: .linkUp).contains {
                $0 < fired && trace.records[$0].event.link == event.link
            }
    }

    // MARK: Leave to go

    /// A context that ended by its grace alone, though nothing was left below it: its driver never said that all was
    /// handed over.
    var leaves: [Loss] {
        trace.positions(of: .contextDown).compactMap { position in
            guard let fired = trace.cause(of: position), trace.records[fired].event.kind == .timerFired,
                trace.records[fired].event.link == .master
            else { return nil }
            let context = trace.records[position].context
            let earlier = trace.before(fired)
            let hasChildren = earlier.positions(of: .linkUp).contains {
                let child = trace.records[$0].event.link
                return trace.records[$0].context == context && child != context
                    && !earlier.isBroken(linkAbove: child)
            }
            let began = trace.positions(of: .shutdownBegan).last {
                trace.records[$0].context == context && $0 < fired
            }
            guard !hasChildren, let began else { return nil }
            return Loss(
                kind: .leave, what: "the word that all of \(name(context))'s output was handed over", place: context,
                position: began,
                lastSeen: "was asked for \(trace.moment(began)) and did not come",
                effect: "\(name(context)) ended only when its grace was over, \(trace.moment(position)).",
                isHarmless: false)
        }
    }

    // MARK: Programs

    var words: [Loss] {
        trace.untold.map { untold in
            let context = trace.records[untold.asked].context
            let target = untold.function.isEmpty ? untold.on : "\(untold.on).\(untold.function)"
            return Loss(
                kind: .word, what: untold.what, place: context, position: untold.due,
                lastSeen: "never came to its program: \(name(context)) \(untold.seen)",
                effect: untold.isWaitedFor
                    ? "The program of \(name(context)) waits for \(target)." : "The program goes on without it.",
                isHarmless: false)
        }
    }

    private func name(_ context: ContextID) -> String { trace.name(context) }
}
