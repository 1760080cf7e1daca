import MitoCore
import MitoTrace

/// What goes on and on, and comes to nothing: a message that goes round, each time because of the time before, or a
/// deadline that comes again and again though it was set once.
struct Livelock: Sendable {
    enum Kind: Sendable { case message, deadline }

    var kind: Kind
    /// Who keep each other busy, in the order of a round.
    var contexts: [ContextID]
    /// The record of its latest round, and the one with which it began.
    var latest: Int
    var first: Int
    /// How often it went round at least.
    var rounds: Int
    /// The record by which whoever looks on has seen enough of it.
    var enough: Int

    /// The one that is still going on at the end of `trace`; nil when all that happens leads somewhere.
    init?(_ trace: Trace) {
        guard let found = Self.messages(trace) ?? Self.deadline(trace), !found.contexts.contains(where: trace.isGone)
        else { return nil }
        self = found
    }

    private init(_ kind: Kind, _ contexts: [ContextID], rounds: Int, first: Int, enough: Int, latest: Int) {
        (self.kind, self.contexts, self.rounds) = (kind, contexts, rounds)
        (self.first, self.enough, self.latest) = (first, enough, latest)
    }

    /// What has not been seen for so many records is over.
    private static let recent = 200

    // MARK: Messages

    /// Every frame is due to something; what a whole round of frames is due to is itself. A message crosses a tree at
    /// most twice, there and back, before somebody other than a relay has a say.
    private static func messages(_ trace: Trace) -> Livelock? {
        let most = 4 * trace.tree.contexts.count + 50
        var lengths = [Int](repeating: 0, count: trace.end)
        var longest: Int?
        for position in 0..<trace.end {
            guard let reason = trace.reason(of: position) else { continue }
            let isHop = trace.records[position].event.kind == .frameIn
            lengths[position] = lengths[reason] + (isHop ? 1 : 0)
            if isHop, lengths[position] > most, position + recent >= trace.end { longest = position }
        }
        guard let longest else { return nil }
        let round = round(endingAt: longest, trace)
        guard !round.isEmpty else { return nil }
        var first = longest
        var returns: [Int] = []
        while let reason = trace.reason(of: first) {
            if trace.records[first].event.isSameMessage(as: trace.records[longest].event) { returns.append(first) }
            first = reason
        }
        return Livelock(
            .message, round.map { trace.records[$0].context }, rounds: lengths[longest] / round.count, first: first,
            enough: returns.reversed().prefix(3).last ?? longest, latest: longest)
    }

    /// The arrivals of the last round, in their order; none when the same message was not there before.
    private static func round(endingAt latest: Int, _ trace: Trace) -> [Int] {
        let last = trace.records[latest]
        var arrivals = [latest]
        var position = latest
        while let reason = trace.reason(of: position) {
            position = reason
            let record = trace.records[position]
            guard record.event.kind == .frameIn else { continue }
            if record.context == last.context, record.event.isSameMessage(as: last.event) { return arrivals.reversed() }
            arrivals.append(position)
        }
        return []
    }

    // MARK: Deadlines

    private static let firingsMax = 20

    private static func deadline(_ trace: Trace) -> Livelock? {
        var firings: [Alarm: (count: Int, first: Int, latest: Int)] = [:]
        var longest: Alarm?
        for position in [Event.Kind.timerArmed, .timerFired].flatMap(trace.positions(of:)).sorted() {
            let record = trace.records[position]
            let alarm = Alarm(context: record.context, handle: record.event.handle, link: record.event.link)
            if record.event.kind == .timerArmed {
                firings[alarm] = nil
            } else {
                firings[alarm, default: (0, position, position)].count += 1
                firings[alarm]?.latest = position
                if position + recent >= trace.end { longest = alarm }
            }
        }
        guard let longest, let found = firings[longest], found.count > firingsMax else { return nil }
        return Livelock(
            .deadline, [longest.context], rounds: found.count, first: found.first, enough: found.latest,
            latest: found.latest)
    }

    private struct Alarm: Hashable {
        var context: ContextID
        var handle: Handle
        var link: ContextID
    }
}

extension Trace {
    /// The record that led to this one: the frame that went into the link, or what happened before in the same
    /// context. It always stands further up, whatever a trace claims.
    fileprivate func reason(of position: Int) -> Int? {
        let reason = records[position].event.kind == .frameIn ? departure(of: position) : cause(of: position)
        return reason.flatMap { $0 < position ? $0 : nil }
    }
}

extension Event {
    fileprivate func isSameMessage(as other: Event) -> Bool {
        kind == other.kind && handle == other.handle && destination == other.destination && source == other.source
            && replyTo == other.replyTo && link == other.link && upward == other.upward && digest == other.digest
    }
}
