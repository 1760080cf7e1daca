import MitoCore
import MitoTrace

/// The story of a run, told to a person: what was called and which way it went, who was lost and who was told.
///
/// It holds no step, hash or digest, so that it stays the same while behaviour does. The handshake and the traffic
/// that only sets the tree up are left out, and so is what follows the end of a story.
///
///     web calls db.report
///       web → rack → db
///     db is killed
///     rack tells bastion: db is gone
public struct Transcript: Sendable {
    /// The lines, without line feeds.
    public let lines: [String]

    /// - Parameters:
    ///   - trace: what is told.
    ///   - times: begin each line with the world's time in milliseconds.
    ///   - note: what to add to a context in the tree, by its name, such as the delay of its link; empty for nothing.
    public init(_ trace: Trace, times: Bool = false, note: @escaping (String) -> String = { _ in "" }) {
        var teller = Teller(trace, times: times, note: note)
        teller.tellAll()
        lines = teller.lines
    }
}

/// Goes through the records and finds words for those that matter to a person.
private struct Teller {
    private let trace: Trace
    private let times: Bool
    private let note: (String) -> String
    private let callsByStart: [Int: Call]
    private let callsByEnd: [Int: Call]
    private let callsByPort: [PortName: Call]
    private let subjects: RouteSubjects
    private var arrivals: [ContextID] = []
    private var isTreeTold = false
    private var isEnding = false
    private var ending: Set<ContextID> = []
    private var lastLine = ""
    private(set) var lines: [String] = []

    init(_ trace: Trace, times: Bool, note: @escaping (String) -> String) {
        self.trace = trace
        self.times = times
        self.note = note
        callsByStart = Dictionary(trace.calls.map { ($0.started, $0) }) { first, _ in first }
        callsByEnd = Dictionary(trace.calls.compactMap { call in call.ended.map { ($0, call) } }) { first, _ in first }
        callsByPort = Dictionary(
            trace.calls.filter(\.wantsReply).map { (PortName($0.caller, $0.handle), $0) }
        ) { first, _ in first }
        subjects = RouteSubjects(trace.tree)
    }

    mutating func tellAll() {
        let enough = Livelock(trace)?.enough
        for position in 0..<trace.end {
            if position == enough {
                say("and so on, without end", at: position)
                break
            }
            let record = trace.records[position]
            if record.event.isOfTheWorld, record.event.tag == Self.storyEnd { break }
            if record.event.isOfTheWorld, record.event.tag == Self.storyBegin { tellArrivals(at: nil) }
            if record.event.kind == .contextUp, record.context != .master {
                arrivals.append(record.context)
                if isTreeTold { tellArrivals(at: position) }
                continue
            }
            let told = words(for: record, at: position)
            if record.event.kind == .shutdownBegan { noteEnding(of: record.context) }
            if told.isEmpty { continue }
            tellArrivals(at: nil)
            // The teller of a story and the world may both say what was done.
            for (place, line) in told.enumerated() where line != lastLine { say(line, at: place == 0 ? position : nil) }
        }
        tellArrivals(at: nil)
        if isEnding, trace.tree.contexts.allSatisfy(trace.isGone) { say("everybody has ended", at: nil) }
    }

    private mutating func noteEnding(of context: ContextID) {
        ending.insert(context)
        if context == .master { isEnding = true }
    }

    /// The tree as it came up first, or one line for each who came later.
    private mutating func tellArrivals(at position: Int?) {
        guard !arrivals.isEmpty else { return }
        if isTreeTold {
            for context in arrivals {
                say("\(name(context)) comes up below \(name(trace.tree.parent(of: context) ?? .master))", at: position)
            }
        } else {
            tellTree()
        }
        arrivals = []
        isTreeTold = true
    }

    private mutating func tellTree() {
        let arrived = Set(arrivals)
        var rest = [(context: ContextID.master, depth: 0)]
        while let (context, depth) = rest.popLast() {
            let note = context == .master ? "" : note(name(context))
            let beside = note.isEmpty ? "" : "  (\(note))"
            say(String(repeating: "  ", count: min(depth, Self.depthMax)) + name(context) + beside, at: nil)
            let children = trace.tree.children(of: context).filter(arrived.contains)
            rest += children.reversed().map { ($0, depth + 1) }
        }
    }

    private mutating func say(_ line: String, at position: Int?) {
        lastLine = line
        guard times else { return lines.append(line) }
        lines.append((position.map(time) ?? String(repeating: " ", count: Self.timeWidth)) + "  " + line)
    }

    private func time(_ position: Int) -> String {
        let microseconds = trace.records[position].event.at.nanoseconds / 1_000
        let fraction = "\(abs(microseconds % 1_000))"
        let text = "\(microseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction + "ms"
        return String(repeating: " ", count: max(0, Self.timeWidth - text.count)) + text
    }

    /// The mark before which a story's tree is only put up, and the one after which it is only taken down.
    private static let storyBegin = "story.begin"
    private static let storyEnd = "story.end"
    private static let timeWidth = 12
    /// A deeper tree is drawn flat from here on.
    private static let depthMax = 40

    // MARK: Words

    private func words(for record: TraceRecord, at position: Int) -> [String] {
        let event = record.event
        let here = name(record.context)
        switch event.kind {
        case .callStarted: return callsByStart[position].map(beginning) ?? []
        case .callEnded: return callsByEnd[position].map(end) ?? []
        case .dropped: return drop(event, by: record)
        case .command: return command(event, at: position)
        case .contextDown: return isEnding ? [] : [end(event, of: here)]
        case .shutdownBegan where record.context == .master: return ["master begins to end, and all with it"]
        case .shutdownBegan where !isEnding && !trace.tree.children(of: record.context).isEmpty:
            return ["\(here) begins to end, children first"]
        case .linkDown where event.isDetachment(of: record.context):
            return ["\(here) leaves \(name(event.subject)) and lives on"]
        case .linkDown, .childExited: return isEnding ? [] : loss(record, at: position)
        case .frameOut where event.handle == .delRoute: return isEnding ? [] : notice(event, from: here)
        case .frameOut where event.handle == .addRoute: return isTreeTold ? arrival(event, from: here) : []
        // Resetting a chain is the caller's own housekeeping.
        case .invocationStarted where event.text.hasSuffix("Dispatcher.forget_chain"): return []
        case .invocationStarted: return ["\(here) runs \(event.text)\(tag(ofRun: event))"]
        case .launchFailed: return ["\(here) cannot start \(name(event.subject)): \(event.text)"]
        case .connectEnded where event.reason != .none && !hasFailedLaunch(position):
            return ["\(here) gets no new context: \(event.text)"]
        case .log where !event.text.hasPrefix("mitoscope: "): return ["\(here) logs \(event.text)"]
        default: return []
        }
    }

    private func beginning(_ call: Call) -> [String] {
        let journey = trace.request(of: call)
        var way = "  \(trace.way(journey.path))"
        switch journey.end {
        case .delivered: break
        case .dropped: way += ", where it ends"
        case .underway(_, _, let to): way += ", but never \(name(to))"
        case .vanished: way += " and no further"
        case .unsent: return ["\(name(call.caller)) calls \(target(call))"]
        }
        let isLocal = call.caller == call.callee
        return ["\(name(call.caller)) calls \(target(call))"] + (isLocal ? [] : [way])
    }

    private func end(_ call: Call) -> [String] {
        let whose = "\(name(call.caller))'s call of \(target(call))"
        if call.reason != .none { return ["\(whose) fails: \(call.result)"] }
        // A call that wants no reply ends for the reason for which it began.
        let wantsNone = call.ended.flatMap(trace.cause(of:)) == trace.cause(of: call.started)
        return wantsNone ? [] : ["\(whose) returns \(call.result)"]
    }

    /// `db.echo`, with the call's name in the story where it says more.
    private func target(_ call: Call) -> String {
        "\(name(call.callee)).\(call.function)\(tag(of: call))"
    }

    private func tag(of call: Call) -> String {
        call.tag.isEmpty || call.tag == call.function ? "" : " (\(call.tag))"
    }

    /// The name that a story gave to the call for which a function runs.
    private func tag(ofRun event: Event) -> String {
        callsByPort[PortName(event.source, event.replyTo)].map(tag) ?? ""
    }

    private func drop(_ event: Event, by record: TraceRecord) -> [String] {
        let (from, to) = (name(event.source), name(event.destination))
        // A dead message is for somebody who waits. Where nobody does any more, or its sender is about to end and
        // says so to all who ever waited, that it comes to nothing is no news.
        let isLate = event.reason == .invalidHandle && event.handle >= .firstDynamic
        if isEnding || event.replyTo == .dead && (isLate || ending.contains(record.context)) { return [] }
        if isLate, event.replyTo == .none { return ["a reply of \(from) comes too late to \(to)"] }
        let what =
            switch event.handle {
            case _ where event.replyTo == .dead: "a dead message from \(from) to \(to)"
            case .callFunction: "\(from)'s request to \(to)"
            case .shutdown: "\(from)'s word that \(to) is to end"
            case .firstDynamic...: "a reply from \(from) to \(to)"
            default: "a message from \(from) to \(to)"
            }
        return ["\(name(record.context)) drops \(what): \(trace.why(event))"]
    }

    private func command(_ event: Event, at position: Int) -> [String] {
        let context = trace.records[position].context
        if event.isOfTheWorld { return WorldWords(trace: trace, position: position).sentence.map { [$0] } ?? [] }
        if position > 0, trace.records[position - 1].event.isForgery { return [] }
        let parts = event.text.split(separator: " ")
        guard parts.count == 2, let number = UInt32(parts[1]) else { return [] }
        switch parts[0] {
        case "shutdown": return ["\(name(context)) asks \(name(ContextID(number))) to end"]
        case "send": return ["\(name(context)) sends a message to \(name(ContextID(number)))"]
        default: return []
        }
    }

    private func end(_ event: Event, of here: String) -> String {
        event.text.isEmpty || event.text == "shutdown" ? "\(here) ends" : "\(here) ends: \(event.text)"
    }

    /// The loss of a neighbour, as its parent sees it: told once, and only when nobody told how it ended.
    private func loss(_ record: TraceRecord, at position: Int) -> [String] {
        let lower = record.event.link
        guard lower != record.context, let member = trace.tree.member(lower) else { return [] }
        if let exited = trace.seen(member.exited), member.killed == nil, member.status.hasPrefix("signal") {
            // Both ends of the story are one: the first record of the two tells it.
            let first = min(exited, trace.seen(member.lostBelow) ?? exited)
            return position == first && member.down.map({ $0 > position }) ?? true
                ? ["\(name(lower)) is killed"] : []
        }
        let hasLeft = trace.seen(member.lostAbove).map { trace.records[$0].event.isDetachment(of: lower) } ?? false
        let isExplained = hasLeft || trace.before(position).isGone(lower)
        return record.event.kind == .linkDown && !isExplained
            ? ["the link between \(name(record.context)) and \(name(lower)) breaks"] : []
    }

    private func notice(_ event: Event, from here: String) -> [String] {
        guard let subject = subjects[event] else { return [] }
        return ["\(here) tells \(name(event.destination)): \(name(subject)) is gone"]
    }

    private func arrival(_ event: Event, from here: String) -> [String] {
        guard let subject = subjects[event] else { return [] }
        return ["\(here) tells \(name(event.destination)): \(name(subject)) is below it"]
    }

    private func hasFailedLaunch(_ position: Int) -> Bool {
        let record = trace.records[position]
        return trace.positions(of: .launchFailed).contains {
            trace.records[$0].context == record.context && trace.records[$0].event.text == record.event.text
        }
    }

    private func name(_ context: ContextID) -> String { trace.name(context) }
}
