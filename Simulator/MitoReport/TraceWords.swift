import MitoCore
import MitoTrace

extension Duration {
    /// As people read it: no finer than a thousandth of its unit, `21.212ms`. The word for programs is `description`.
    package var rounded: String {
        let word = description
        let micros = nanoseconds / 1_000
        guard word.hasSuffix("ns") || word.hasSuffix("us"), micros.magnitude >= 1_000 else {
            return word.hasSuffix("ns") && micros != 0 ? "\(micros)us" : word
        }
        let (whole, unit) = micros.magnitude < 1_000_000 ? (micros, "ms") : (micros / 1_000, "s")
        let fraction = "\(whole.magnitude % 1_000)"
        return "\(whole / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction + unit
    }
}

extension Instant {
    /// The same for how long the world had been there.
    var rounded: String { Duration(nanoseconds: nanoseconds).rounded }
}

/// How people are told of what stands in a trace.
extension Trace {
    func name(_ context: ContextID) -> String { tree.name(context) }

    /// `web → rack → db`.
    func way(_ path: [ContextID]) -> String { path.map(name).joined(separator: " → ") }

    /// `at 12ms`: when a record was made.
    func moment(_ position: Int) -> String {
        "at \(records[position].event.at.rounded)"
    }

    /// `frame 3 up the link of web`.
    func describe(_ frame: FrameName) -> String {
        "frame \(frame.ordinal) \(frame.upward ? "up" : "down") the link of \(name(frame.link))"
    }

    /// `web waits for db.report`.
    func wait(_ call: Call) -> String { "\(name(call.caller)) waits for \(name(call.callee)).\(call.function)" }

    /// Why a message ended where it should not, to people: `it knows no way to db`.
    func why(_ drop: Event) -> String {
        switch drop.reason {
        case .noRoute: "it knows no way to \(name(drop.destination))"
        case .routingMode: "it passes nothing on between those below it"
        case .badAuthority, .badSource: "it did not come from where \(name(drop.source)) is"
        case .invalidHandle: "nobody there waits for it"
        case .queueFull: "too much waits there already"
        default: drop.reason.word
        }
    }

    /// A record in one line, for people: `12ms rack: frame-in, frame 3 up the link of web, web → db, handle 101`.
    public func line(at position: Int) -> String {
        let record = records[position]
        let event = record.event
        let time = event.at.rounded
        var parts = ["\(time) \(name(record.context)): \(event.kind.word)"]
        if event.ordinal != 0 { parts.append(describe(FrameName(event))) }
        switch event.kind {
        case .frameIn, .frameOut, .delivered, .dropped:
            parts.append("\(name(event.source)) → \(name(event.destination))")
        case .callStarted, .callEnded: parts.append("of \(name(event.destination))")
        case .invocationQueued, .invocationStarted, .invocationEnded: parts.append("for \(name(event.source))")
        default: break
        }
        if event.handle != .none { parts.append("handle \(event.handle)") }
        if event.replyTo != .none { parts.append(event.replyTo == .dead ? "dead" : "reply to \(event.replyTo)") }
        if event.subject != .master { parts.append(name(event.subject)) }
        if event.reason != .none { parts.append(event.reason.word) }
        if !event.text.isEmpty { parts.append(event.text) }
        return parts.joined(separator: ", ")
    }
}
