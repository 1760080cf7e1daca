public import MitoCore
import MitoTrace

/// The way of one message, hop by hop: out of one context, into the next, until it arrives or is seen no more.
public struct Journey: Hashable, Sendable {
    public enum End: Hashable, Sendable {
        /// It reached its handle.
        case delivered(at: ContextID)
        /// A context gave it up and said why.
        case dropped(at: ContextID, Event.Reason)
        /// It was put into this link and never came out.
        case underway(FrameName, from: ContextID, to: ContextID)
        /// It came into a context, and nothing followed.
        case vanished(at: ContextID)
        /// It never left.
        case unsent(at: ContextID)
    }

    /// The contexts that had it, the sender first.
    public var path: [ContextID]
    public var end: End
    /// Positions of the records that show it, in order.
    public var records: [Int]

    public var isDelivered: Bool {
        if case .delivered = end { true } else { false }
    }

    /// The way, to be drawn.
    func hops(_ what: String) -> [WaitPicture.Hop] {
        var hops = zip(path, path.dropFirst()).map { WaitPicture.Hop(from: $0, to: $1, what: what, isLost: false) }
        if case .underway(_, let from, let to) = end {
            hops.append(WaitPicture.Hop(from: from, to: to, what: what, isLost: true))
        }
        return hops
    }
}

extension Trace {
    /// The way of a call's request.
    public func request(of call: Call) -> Journey {
        // What the call led to has the same cause as its start, and comes right after it.
        let consequences = siblings(of: call.started).drop { $0 <= call.started }
        let sent = consequences.first {
            let event = records[$0].event
            return event.kind == .frameOut && event.handle == .callFunction && event.destination == call.callee
                && (event.replyTo == call.handle || event.replyTo == .none)
        }
        if let sent { return journey(from: sent) }
        return fate(of: Array(consequences), in: call.caller, path: [call.caller], records: [call.started])
            ?? Journey(path: [call.caller], end: .unsent(at: call.caller), records: [call.started])
    }

    /// What happened in the same context for the same reason, in order; the reason itself may have been left out of
    /// the records.
    private func siblings(of position: Int) -> [Int] {
        let record = records[position]
        guard record.event.cause != 0 else { return effects(of: position) }
        return effects(of: StepName(record.context, record.event.cause))
    }

    /// The ways of all answers to a call: what the callee sent, and the dead messages of anybody, in the order of
    /// sending. What others send to the handle is no answer.
    public func replies(to call: Call) -> [Journey] {
        guard call.wantsReply else { return [] }
        return framesOut(to: call.caller, call.handle)
            .filter { $0 > call.started && records[$0].context == records[$0].event.source }
            .filter { records[$0].event.source == call.callee || records[$0].event.replyTo == .dead }
            .map(journey(from:))
    }

    /// The way of a message from the frame in which it left its sender.
    public func journey(from frame: Int) -> Journey {
        var journey = Journey(
            path: [records[frame].context], end: .unsent(at: records[frame].context), records: [])
        var frame = frame
        while true {
            let name = FrameName(records[frame].event)
            journey.records.append(frame)
            let far = name.upward ? tree.parent(of: name.link) ?? .master : name.link
            let past = passage(name).in == nil ? arrival(ofMessageAt: frame, past: far) : nil
            guard let arrival = passage(name).in ?? past else {
                journey.end = .underway(name, from: records[frame].context, to: far)
                return journey
            }
            if past != nil { journey.path.append(far) }
            let here = records[arrival].context
            journey.records.append(arrival)
            journey.path.append(here)
            let next = effects(of: arrival)
            if let fate = fate(of: next, in: here, path: journey.path, records: journey.records) { return fate }
            // Frames go along a tree: a longer way than there are contexts would be a trace that lies.
            guard let onward = next.first(where: { isSameMessage($0, records[frame].event) }),
                journey.path.count <= tree.contexts.count
            else {
                journey.end = .vanished(at: here)
                return journey
            }
            frame = onward
        }
    }

    /// Where a message came out of a context that writes no trace itself.
    private func arrival(ofMessageAt frame: Int, past silent: ContextID) -> Int? {
        guard !isTraced(silent) else { return nil }
        return (frame..<end).first { position in
            let event = records[position].event
            let sender = event.upward ? event.link : tree.parent(of: event.link)
            return event.kind == .frameIn && sender == silent && records[position].context != records[frame].context
                && isSame(event, records[frame].event)
        }
    }

    private func fate(of effects: [Int], in here: ContextID, path: [ContextID], records seen: [Int]) -> Journey? {
        for position in effects {
            switch records[position].event.kind {
            case .delivered: return Journey(path: path, end: .delivered(at: here), records: seen + [position])
            case .dropped:
                let reason = records[position].event.reason
                return Journey(path: path, end: .dropped(at: here, reason), records: seen + [position])
            default: continue
            }
        }
        return nil
    }

    private func isSameMessage(_ position: Int, _ event: Event) -> Bool {
        records[position].event.kind == .frameOut && isSame(records[position].event, event)
    }

    private func isSame(_ event: Event, _ other: Event) -> Bool {
        other.destination == event.destination && other.source == event.source && other.handle == event.handle
            && other.replyTo == event.replyTo
    }
}
