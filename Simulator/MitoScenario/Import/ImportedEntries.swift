import MitoCore
import MitoReport
import MitoTrace
import Mitoscope

/// The lines of a recorded run's story: what its program and its world did, each at its place.
///
/// A line waits for what came last before it, and then for as long as passed in the recording. So it comes at its
/// place also where messages take another time than they did.
struct ImportedEntries: Sendable {
    private(set) var lines: [FlowItem] = []
    /// The calls among them, each with its name.
    private(set) var calls: [(Call, String)] = []
    private(set) var notes: [String] = []

    private struct Line {
        var position: Int
        var name: String
        var fields: [(String, FlowItem)]
        /// Where it comes to `running` and to `ended`.
        var running: Int?
        var ended: Int?

        var milestones: [Milestone] {
            [(running, "running"), (ended, "ended")].compactMap { position, phase in
                position.map { Milestone(position: $0, name: name, phase: phase) }
            }
        }
    }

    /// Something that later lines can wait for.
    private struct Milestone {
        var position: Int
        var name: String
        var phase: String
    }

    init(_ recording: Recording, _ names: inout ImportedNames, _ functions: inout ImportedFunctions) {
        var found = callLines(recording, &names, &functions)
        found += connectLines(recording, &names, functions)
        found += cancelLines(recording, &names)
        found += messageLines(recording, &names)
        found += deedLines(recording, &names)
        found += struckLines(recording, &names)
        found.sort { $0.position < $1.position }
        // What stands before a line's place belongs to a line that began before it, and so stands before it too.
        let milestones = found.flatMap(\.milestones).sorted { $0.position < $1.position }
        lines = found.map { .map($0.fields + Self.when($0, milestones, recording)) }
    }

    private static func when(
        _ line: Line, _ milestones: [Milestone], _ recording: Recording
    ) -> [(String, FlowItem)] {
        let time = recording.time(line.position)
        var (low, high) = (0, milestones.count)
        while low < high {
            let middle = (low + high) / 2
            if milestones[middle].position < line.position { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return time == .zero ? [] : [("at", .word("\(time.roundedToMicroseconds)"))] }
        let before = milestones[low - 1]
        let gap = Duration(nanoseconds: time.nanoseconds - recording.time(before.position).nanoseconds)
        var when = [("after", FlowItem.map([(before.name, .word(before.phase))]))]
        if gap.roundedToMicroseconds > .zero { when.append(("plus", .word("\(gap.roundedToMicroseconds)"))) }
        return when
    }

    // MARK: Calls

    private mutating func callLines(
        _ recording: Recording, _ names: inout ImportedNames, _ functions: inout ImportedFunctions
    ) -> [Line] {
        let trace = recording.trace
        let timeouts = Timeouts(trace)
        var lines: [Line] = []
        for call in trace.calls where call.started >= recording.begin && !functions.nested.contains(call.started) {
            guard names.has(call.caller), names.has(call.callee), call.callee != .master, call.callee != call.caller
            else {
                notes.append("a call from \(names[call.caller]) to \(names[call.callee]).\(call.function)")
                continue
            }
            let name = names.line(call.tag, orElse: "call")
            if recording.streams.contains(call.tag) { notes.append("the items that \(name) brought") }
            let function = functions.name(of: call, in: trace)
            var fields = [("call", FlowItem.word("\(names[call.callee]).\(function)"))]
            if call.caller != .master { fields.append(("from", .word(names[call.caller]))) }
            fields.append(("as", .word(name)))
            let isSilent = trace.wantsNoReply(call)
            if isSilent { fields.append(("no-reply", .word("true"))) }
            if let timeout = timeouts[call], !isSilent { fields.append(("timeout", .word("\(timeout)"))) }
            lines.append(
                Line(
                    position: call.started, name: name, fields: fields,
                    running: isSilent ? nil : trace.run(of: call)?.started, ended: trace.seen(call.ended)))
            calls.append((call, name))
        }
        return lines
    }

    /// The calls that were given up.
    private func cancelLines(_ recording: Recording, _ names: inout ImportedNames) -> [Line] {
        var lines: [Line] = []
        for (call, called) in calls {
            guard let ended = recording.trace.seen(call.ended),
                recording.records[ended].event.reason == .cancelled
            else { continue }
            let name = names.line("", orElse: "cancel-\(called)")
            let fields = [(CancelWord.word, FlowItem.word(called)), ("as", .word(name))]
            lines.append(Line(position: ended, name: name, fields: fields, running: ended))
        }
        return lines
    }

    private func messageLines(_ recording: Recording, _ names: inout ImportedNames) -> [Line] {
        var lines: [Line] = []
        for deed in ImportedMessages(recording, names).deeds {
            let tag = recording.records[deed.position].event.tag
            let name = names.line(tag, orElse: "\(deed.word)-\(names[deed.context])")
            let fields = [(deed.word, FlowItem.word(names[deed.context]))] + deed.options + [("as", .word(name))]
            lines.append(Line(position: deed.position, name: name, fields: fields, running: deed.position))
        }
        return lines
    }

    // MARK: Contexts that come and go

    private func connectLines(
        _ recording: Recording, _ names: inout ImportedNames, _ functions: ImportedFunctions
    ) -> [Line] {
        names.started.compactMap { context in
            guard let up = names.up(context) else { return nil }
            let launched = recording.launches[context]
            var fields = [("connect", FlowItem.word(names[context]))]
            if case .map(let more) = names.fields(of: context, recording, functions) { fields += more }
            let name = names.line("", orElse: "start-of-\(names[context])")
            fields.append(("as", .word(name)))
            return Line(position: launched ?? up, name: name, fields: fields, running: launched ?? up, ended: up)
        }
    }

    /// What the world or the program did to contexts and links.
    private mutating func deedLines(_ recording: Recording, _ names: inout ImportedNames) -> [Line] {
        var lines: [Line] = []
        var ending: Set<ContextID> = []
        for position in recording.begin..<max(recording.begin, recording.trace.end) {
            let record = recording.records[position]
            guard let deed = ImportedDeed(record, in: recording, ending: ending), names.has(deed.subject) else {
                continue
            }
            if deed.word != KillWord.word || !ending.contains(deed.subject) {
                let name = names.line(record.event.tag, orElse: "\(deed.word)-\(names[deed.subject])")
                let fields = [(deed.word, FlowItem.word(names[deed.subject]))] + deed.options + [("as", .word(name))]
                lines.append(Line(position: position, name: name, fields: fields, running: position))
            }
            if [KillWord.word, ShutdownWord.word].contains(deed.word) { ending.insert(deed.subject) }
        }
        return lines
    }

    /// What happened to single messages on their links: told from the beginning on, by how many like them came first.
    private func struckLines(_ recording: Recording, _ names: inout ImportedNames) -> [Line] {
        var lines: [Line] = []
        for position in recording.begin..<max(recording.begin, recording.trace.end) {
            let event = recording.records[position].event
            let parts = event.text.split(separator: " ").map(String.init)
            guard event.kind == .command, event.step == 0, event.ordinal > 0, parts.count >= 2,
                let word = Self.strikes[parts[1]], [event.link, event.source, event.destination].allSatisfy(names.has)
            else { continue }
            let kind = FrameKind(handle: event.handle, replyTo: event.replyTo)
            let nth = recording.records[recording.begin..<position].count { record in
                let sent = record.event
                return sent.kind == .frameOut && sent.link == event.link && sent.source == event.source
                    && sent.destination == event.destination
                    && FrameKind(handle: sent.handle, replyTo: sent.replyTo) == kind
            }
            let message: [(String, FlowItem)] = [
                ("kind", .word(kind.rawValue)), ("from", .word(names[event.source])),
                ("to", .word(names[event.destination])), ("on", .word(names[event.link])),
                ("nth", .word("\(max(1, nth))")),
            ]
            let name = names.line(event.tag, orElse: "\(word)-on-\(names[event.link])")
            var fields: [(String, FlowItem)] = [(word, .map(message))]
            if parts.count == 3 { fields.append(("by", .word(parts[2]))) }
            fields.append(("as", .word(name)))
            lines.append(Line(position: recording.begin, name: name, fields: fields, running: nil, ended: nil))
        }
        return lines
    }

    /// What a trace says of a frame that was struck, and the story's word for it.
    private static let strikes = [
        "delayed": DelayWord.word, "dropped": DropWord.word, "duplicated": DuplicateWord.word,
        "overtakes": OvertakeWord.word,
    ]
}

/// The deadlines of calls.
private struct Timeouts {
    private struct Place: Hashable {
        var context: ContextID
        var handle: Handle
    }

    private var armed: [Place: (at: Instant, told: Duration?)] = [:]
    private var fired: [Place: Instant] = [:]

    init(_ trace: Trace) {
        for record in trace.records where record.event.handle != .none {
            let place = Place(context: record.context, handle: record.event.handle)
            switch record.event.kind {
            case .timerArmed: armed[place] = (record.event.at, Duration(record.event.text))
            case .timerFired: fired[place] = record.event.at
            default: continue
            }
        }
    }

    /// How long the caller was ready to wait: as the trace says it, or as it turned out.
    subscript(call: Call) -> Duration? {
        let place = Place(context: call.caller, handle: call.handle)
        guard let armed = armed[place] else { return nil }
        return armed.told ?? fired[place].map { ($0 - armed.at).roundedToMicroseconds }
    }
}

extension Trace {
    /// A call that wants no reply ends for the reason for which it began.
    fileprivate func wantsNoReply(_ call: Call) -> Bool {
        guard let ended = seen(call.ended), call.reason == .none else { return false }
        return records[ended].event.cause == records[call.started].event.cause
    }
}
