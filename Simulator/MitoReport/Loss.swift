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
        /// A context was done with what its program waits for, or had something to show it, and the program was not
        /// told.
        case word
        /// A link was closed at one end, and the other never saw it.
        case close
        /// A context that was done with its end was never told that it may go.
        case leave
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
        let orders = finder.launches + finder.deadlines + finder.exits + finder.closes + finder.leaves
        return (finder.messages + orders + finder.words).sorted { $0.position < $1.position }
    }
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
