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
        found += deedLines(recording, &names)
        found.sort { $0.position < $1.position }
        var milestones: [Milestone] = []
        for line in found {
            lines.append(.map(line.fields + Self.when(line, milestones, recording)))
            if let running = line.running { milestones.append(.init(position: running, name: line.name, phase: "running")) }
            if let ended = line.ended { milestones.append(.init(position: ended, name: line.name, phase: "ended")) }
        }
    }

    private static func when(
        _ line: Line, _ milestones: [Milestone], _ recording: Recording
    ) -> [(String, FlowItem)] {
        let time = recording.time(line.position)
        let before = milestones.filter { $0.position < line.position }.max { $0.position < $1.position }
        guard let before else { return time == .zero ? [] : [("at", .word("\(time.roundedToMicroseconds)"))] }
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
            if recording.isStream(call) { notes.append("the items that \(name) brought") }
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

    // MARK: Contexts that come and go

    private func connectLines(
        _ recording: Recording, _ names: inout ImportedNames, _ functions: ImportedFunctions
    ) -> [Line] {
        names.started.compactMap { context in
            guard let up = names.up(context) else { return nil }
            let launched = recording.records.firstIndex {
                $0.event.kind == .launchStarted && $0.event.link == context
            }
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
            guard let deed = Deed(record, in: recording, ending: ending), names.has(deed.subject) else { continue }
            if deed.word != KillWord.word || !ending.contains(deed.subject) {
                let name = names.line(record.event.tag, orElse: "\(deed.word)-\(names[deed.subject])")
                let fields = [(deed.word, FlowItem.word(names[deed.subject])), ("as", .word(name))]
                lines.append(
                    Line(position: position, name: name, fields: fields, running: position, ended: nil))
            }
            if [KillWord.word, ShutdownWord.word].contains(deed.word) { ending.insert(deed.subject) }
        }
        return lines
    }
}

/// Something that was done to a context, or to the link above it, by the story's word for it.
private struct Deed {
    var word: String
    var subject: ContextID

    init?(_ record: TraceRecord, in recording: Recording, ending: Set<ContextID>) {
        let event = record.event
        switch event.kind {
        case .command where event.step == 0:
            // A shutdown and a connect that a runner marks are commands of a node too.
            let isKnown = storyWords.contains { $0.word == event.text }
            guard isKnown, ![ShutdownWord.word, ConnectWord.word, StreamWord.word].contains(event.text) else {
                return nil
            }
            (word, subject) = (event.text, event.subject)
        case .command:
            let parts = event.text.split(separator: " ")
            guard parts.count == 2, parts[0] == "shutdown", let number = UInt32(parts[1]) else { return nil }
            (word, subject) = (ShutdownWord.word, ContextID(number))
        case .linkDown where event.link != record.context && event.link != .master:
            // A process that ended without having been asked to has crashed.
            let tree = recording.trace.tree
            let isAsked = tree.ancestors(of: event.link).contains(where: ending.contains)
            guard !isAsked, recording.hasCrashed(event.link) else { return nil }
            (word, subject) = (KillWord.word, event.link)
        default: return nil
        }
    }
}

extension Recording {
    /// Did the runner open a receiver for this call?
    fileprivate func isStream(_ call: Call) -> Bool {
        !call.tag.isEmpty && records.contains { $0.isMark(call.tag) && $0.event.text == StreamWord.word }
    }

    /// Did the process of this context end by a signal, or with another status than that of an orderly end?
    fileprivate func hasCrashed(_ context: ContextID) -> Bool {
        records.contains { record in
            record.event.kind == .childExited && record.event.link == context && record.event.text != "exit 0"
        }
    }
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
