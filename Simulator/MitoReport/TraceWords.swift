import MitoCore
import MitoTrace

/// How people are told of what stands in a trace.
extension Trace {
    func name(_ context: ContextID) -> String { tree.name(context) }

    /// `web → rack → db`.
    func way(_ path: [ContextID]) -> String { path.map(name).joined(separator: " → ") }

    /// `at 12ms`: when a record was made.
    func moment(_ position: Int) -> String {
        "at \(records[position].event.at.told)"
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
        let time = event.at.told
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

extension Instant {
    /// As people are told of it: how long the world had been there.
    var told: String { Duration(nanoseconds: nanoseconds).told }
}

extension Duration {
    /// As people are told of it: to the microsecond, from a millisecond on as a fraction of one: `89us`, `9.881ms`.
    var told: String {
        let microseconds = (nanoseconds.magnitude + 500) / 1_000
        let sign = nanoseconds < 0 && microseconds > 0 ? "-" : ""
        let thousandths = microseconds % 1_000
        guard microseconds > 1_000, thousandths > 0 else {
            return sign + Duration.microseconds(Int64(microseconds)).description
        }
        var fraction = "\(1_000 + thousandths)".dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(sign)\(microseconds / 1_000).\(fraction)ms"
    }
}
