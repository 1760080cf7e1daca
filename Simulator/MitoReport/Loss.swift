public import MitoCore
import MitoTrace

/// Something that was ordered and did not happen: a message that a link swallowed, a process that never began, a
/// deadline that passed without a word, an end that nobody saw. Where it was seen last, and what came of it.
///
/// The driver of a context owes it each of these; a trace shows the order and what should follow, so that a gap between
/// the two is seen without knowing which part failed.
///
///     for loss in Explainer(trace).losses { print(loss.text) }
public struct Loss: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case message, launch, deadline, exit
    }

    public var kind: Kind
    /// What was lost, in words: `the reply of db to master's call of report`.
    public var what: String
    /// The context that had it last.
    public var place: ContextID
    /// The record that shows it last.
    public var position: Int
    /// Where that was, in words: `left bastion as frame 3 down the link of rack at 12ms`.
    public var lastSeen: String
    /// Who waits because of it, or what else came of it.
    public var effect: String
    /// Does nobody wait, or did nobody have to wait for a time-out, because of it?
    public var isHarmless: Bool

    /// The whole in one sentence or two.
    public var text: String { "Lost: \(what), which \(lastSeen). \(effect)" }
}

extension Explainer {
    /// All that was ordered and did not happen, in the order of the orders. What the world was told to do, such as to
    /// cut a link or to kill a process, loses nothing in this sense.
    public var losses: [Loss] {
        let finder = LossFinder(trace: trace)
        return (finder.messages + finder.launches + finder.deadlines + finder.exits).sorted {
            $0.position < $1.position
        }
    }
}

/// Looks for the gaps.
private struct LossFinder {
    let trace: Trace

    // MARK: Messages

    var messages: [Loss] {
        (trace.index.skipped + trace.index.tails.flatMap { $0.filter(isLost) })
            .filter { $0 < trace.end && !isOfTheWorld(trace.records[$0].event.link) }
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

    private func name(_ context: ContextID) -> String { trace.name(context) }
}

extension Trace {
    /// A deadline that was set, has passed, and of which nothing more was seen.
    struct Overdue: Hashable {
        var armed: Int
    }

    /// Deadlines of living contexts that passed well before the end of the trace.
    var overdueTimers: [Overdue] {
        guard end > 0 else { return [] }
        let now = records[end - 1].event.at
        var open: [PortName: Int] = [:]
        let changes = [Event.Kind.timerArmed, .timerFired, .timerCancelled].flatMap(positions(of:)).sorted()
        for position in changes {
            let port = PortName(records[position].context, records[position].event.handle)
            open[port] = records[position].event.kind == .timerArmed ? position : nil
        }
        return open.values.sorted().filter { position in
            guard !isGone(records[position].context), let wait = Duration(trace: records[position].event.text) else {
                return false
            }
            return records[position].event.at + wait + Self.timerSlack < now
        }.map(Overdue.init)
    }

    /// How late a busy process may be.
    static var timerSlack: Duration { .seconds(1) }

    /// Where a context saw the end of the stream of a link.
    func endOfStream(_ link: ContextID, seenBy context: ContextID) -> Int? {
        positions(of: .linkDown).first { records[$0].context == context && records[$0].event.link == link }
    }

    func wasKilled(_ context: ContextID) -> Bool {
        guard let member = tree.member(context) else { return false }
        return seen(member.killed) != nil || member.status.hasPrefix("signal")
    }

    /// The call whose reply `context` awaits at `handle`.
    func call(from context: ContextID, at handle: Handle) -> Call? {
        calls(from: context).first { $0.handle == handle }
    }
}

extension FunctionRun {
    /// When a sleep was to end, if that has passed well before the end of the trace.
    func overdue(in trace: Trace) -> Duration? {
        guard trace.end > 0, isSleeping(in: trace), let wait = waits.last(where: { $0.position < trace.end }),
            let length = wait.what?.split(separator: " ").last.flatMap({ Duration(trace: String($0)) })
        else { return nil }
        let due = trace.records[wait.position].event.at + length
        return due + Trace.timerSlack < trace.records[trace.end - 1].event.at
            ? Duration(nanoseconds: due.nanoseconds) : nil
    }
}

extension Duration {
    /// Reads what `description` writes; nil for anything else.
    init?(trace text: String) {
        let units: [(String, Int64)] = [
            ("min", 60_000_000_000), ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
            ("h", 3_600_000_000_000),
        ]
        guard let (unit, size) = units.first(where: { text.hasSuffix($0.0) }),
            let count = Int64(text.dropLast(unit.count))
        else { return nil }
        let (nanoseconds, isTooLong) = count.multipliedReportingOverflow(by: size)
        guard !isTooLong else { return nil }
        self.init(nanoseconds: nanoseconds)
    }
}
