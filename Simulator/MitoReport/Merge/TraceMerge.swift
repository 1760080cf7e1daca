import HeapModule
import MitoCore
public import MitoTrace

/// The traces of one run, written by different contexts on perhaps different hosts, joined in one causal order.
///
/// What decides are frames and steps, not clocks: a frame comes in after it went out, a context's steps follow each
/// other, a context is up after its launch, and a process has ended after its last word. Clocks choose only between
/// records of which neither can have led to the other; one that frames show to be wrong is set right first.
///
/// ```swift
/// let merged = TraceMerge(sources)
/// for note in merged.notes { print(note) }
/// print(Explainer(Trace(merged.records)).explanation?.text ?? "at rest")
/// ```
public struct TraceMerge: Sendable {
    /// One file: a trace that a context or a host wrote, or a flight recording.
    public struct Source: Sendable {
        /// What the file is called, for notes.
        public var name: String
        public var header: TraceHeader
        public var records: [TraceRecord]
        /// Does its last line say that the run is over?
        public var hasEnd: Bool
        /// The line in the middle of which it ended; nil when all are whole.
        public var tornLine: Int?

        public init(
            name: String, header: TraceHeader, records: [TraceRecord], hasEnd: Bool = false, tornLine: Int? = nil
        ) {
            (self.name, self.header, self.records, self.hasEnd, self.tornLine) =
                (name, header, records, hasEnd, tornLine)
        }

        /// Reads a file, up to a line that was never finished.
        public init(name: String, reading bytes: [UInt8]) throws(TraceError) {
            var reader = TraceReader()
            let records = try reader.read(bytes.span)
            guard let header = reader.header else { throw TraceError(.notATrace, line: 1, column: 1) }
            self.init(
                name: name, header: header, records: records, hasEnd: reader.hasEnd,
                tornLine: reader.hasPartialLine ? reader.lineCount + 1 : nil)
        }

        /// Does the file lack the end of its run? Whoever tells a story writes one; a program that traces itself does
        /// not, nor does a flight recorder.
        public var isCut: Bool {
            !hasEnd && header.flight == nil && (header.world == "sim" || header.title != nil)
        }

        /// What is missing at its end, in a sentence; nil when nothing is known to be.
        public var note: String? {
            if let tornLine { return "\(name): it ends inside a record (line \(tornLine)); what followed is missing" }
            return isCut ? "\(name): it ends before the run does" : nil
        }
    }

    /// The header of the whole: the first that says which world it was, and which story.
    public let header: TraceHeader
    /// All records, numbered anew, each after whatever led to it.
    public let records: [TraceRecord]
    /// Does the last of it say that the run is over?
    public let hasEnd: Bool
    /// Does one of the files lack the end of its run?
    public let isCut: Bool
    /// What is missing or was set right, one sentence each.
    public let notes: [String]

    public init(_ sources: [Source]) {
        let parts = MergeParts(sources)
        let shifts = ClockShifts(parts)
        var merging = Merging(parts, shifts)
        merging.run()
        var header = TraceHeader()
        for source in sources {
            if header.world.isEmpty { header.world = source.header.world }
            header.seed = header.seed ?? source.header.seed
            header.title = header.title ?? source.header.title
        }
        self.header = header
        records = merging.records
        isCut = sources.contains(where: \.isCut)
        hasEnd = !isCut && sources.contains(where: \.hasEnd)
        notes = sources.compactMap(\.note) + shifts.notes + merging.notes + Gaps(merging.records).notes
    }
}

/// The files of a merge without what two of them tell: what a full trace has, no recording repeats.
struct MergeParts {
    private(set) var names: [String] = []
    private(set) var lanes: [[TraceRecord]] = []
    /// Where each frame went out and came in first.
    private(set) var outs: [FrameName: Place] = [:]
    private(set) var ins: [FrameName: Place] = [:]

    /// A record: which file, and where in it.
    struct Place: Hashable {
        var lane: Int
        var position: Int
    }

    init(_ sources: [TraceMerge.Source]) {
        let full = sources.filter { $0.header.flight == nil }
        let flights = sources.filter { $0.header.flight != nil }
            .sorted { ($0.records.last?.event.step ?? 0) < ($1.records.last?.event.step ?? 0) }
        var owners: [StepName: Int] = [:]
        var marks: [Mark: Int] = [:]
        var told: Set<Beginning> = []
        for (lane, source) in (full + flights).enumerated() {
            let records = source.records.filter { record in
                let isStanding = source.header.flight != nil && record.event.step == 0
                let beginning = Beginning(record)
                if isStanding { return told.insert(beginning).inserted }
                told.insert(beginning)
                if record.event.step == 0 {
                    let mark = Mark(context: record.context, event: record.event)
                    let owner = marks[mark] ?? lane
                    marks[mark] = owner
                    return owner == lane
                }
                let name = StepName(record.context, record.event.step)
                let owner = owners[name] ?? lane
                owners[name] = owner
                return owner == lane
            }
            names.append(source.name)
            lanes.append(records)
            for (position, record) in records.enumerated() {
                let place = Place(lane: lane, position: position)
                switch record.event.kind {
                case .frameOut: if outs[FrameName(record.event)] == nil { outs[FrameName(record.event)] = place }
                case .frameIn: if ins[FrameName(record.event)] == nil { ins[FrameName(record.event)] = place }
                default: continue
                }
            }
        }
    }

    subscript(place: Place) -> TraceRecord { lanes[place.lane][place.position] }

    /// What the world noted; it has no step to be known by.
    private struct Mark: Hashable {
        var context: ContextID
        var event: Event
    }

    /// What a record is about that a recording tells again because it was not over.
    private struct Beginning: Hashable {
        var context: ContextID
        var kind: Event.Kind
        var link: ContextID
        var source: ContextID
        var handle: Handle
        var replyTo: Handle

        init(_ record: TraceRecord) {
            let event = record.event
            (context, kind, link) = (record.context, event.kind, event.link)
            (source, handle, replyTo) = (event.source, event.handle, event.replyTo)
        }
    }
}

/// The merge itself: whichever file's next record may come, and is the earliest of those, comes next.
private struct Merging {
    private(set) var records: [TraceRecord] = []
    private(set) var notes: [String] = []

    private let parts: MergeParts
    private let shifts: ClockShifts
    private var next: [Int]
    private var ready = Heap<Head>()
    /// Who waits for what: a file, and the place in it that it stood at.
    private var waiting: [Prerequisite: [MergeParts.Place]] = [:]
    private var done: Set<Prerequisite> = []
    /// The prerequisites that some record meets: nobody waits for what never comes.
    private var known: [Prerequisite: Int] = [:]
    /// How many records of its own each context has left.
    private var left: [ContextID: Int] = [:]

    /// Something that must have happened before.
    private enum Prerequisite: Hashable {
        case out(FrameName)
        case step(StepName)
        case launch(ContextID)
        /// A context said that it ends / wrote its last record.
        case down(ContextID)
        case silence(ContextID)
    }

    private struct Head: Comparable {
        var at: Instant
        var lane: Int

        static func < (a: Head, b: Head) -> Bool { (a.at, a.lane) < (b.at, b.lane) }
    }

    init(_ parts: MergeParts, _ shifts: ClockShifts) {
        (self.parts, self.shifts) = (parts, shifts)
        next = Array(repeating: 0, count: parts.lanes.count)
        for (lane, records) in parts.lanes.enumerated() {
            for record in records {
                for met in Self.met(by: record) where known[met] == nil { known[met] = lane }
                guard record.event.step != 0 else { continue }
                left[record.context, default: 0] += 1
                known[.silence(record.context)] = lane
            }
        }
    }

    mutating func run() {
        for lane in next.indices { consider(lane) }
        while true {
            if let head = ready.popMin() {
                emit(head.lane)
            } else if let lane = earliestWaiting {
                // Only records that contradict each other come to this.
                let record = parts.lanes[lane][next[lane]]
                notes.append(
                    "\(parts.names[lane]): step \(record.event.step) of context \(record.context) has no place:"
                        + " the traces disagree")
                emit(lane)
            } else {
                return
            }
        }
    }

    private var earliestWaiting: Int? {
        next.indices.filter { next[$0] < parts.lanes[$0].count }.min { time(of: $0) < time(of: $1) }
    }

    private func time(of lane: Int) -> Instant { parts.lanes[lane][next[lane]].event.at + shifts[lane] }

    private mutating func consider(_ lane: Int) {
        guard next[lane] < parts.lanes[lane].count else { return }
        let record = parts.lanes[lane][next[lane]]
        for needed in Self.needed(by: record) where !done.contains(needed) {
            // A file's own order needs no help.
            guard let other = known[needed], other != lane else { continue }
            waiting[needed, default: []].append(MergeParts.Place(lane: lane, position: next[lane]))
            return
        }
        ready.insert(Head(at: time(of: lane), lane: lane))
    }

    private mutating func emit(_ lane: Int) {
        var record = parts.lanes[lane][next[lane]]
        next[lane] += 1
        var met = Self.met(by: record)
        if record.event.step != 0 {
            left[record.context, default: 0] -= 1
            if left[record.context] == 0 { met.append(.silence(record.context)) }
        }
        done.formUnion(met)
        record.event.at = record.event.at + shifts[lane]
        record.index = UInt64(records.count + 1)
        record.hash = 0
        records.append(record)
        for one in met {
            // A file that was made to go on meanwhile waits no more.
            for other in waiting.removeValue(forKey: one) ?? [] where next[other.lane] == other.position {
                consider(other.lane)
            }
        }
        consider(lane)
    }

    /// What a record is to others that must come later.
    private static func met(by record: TraceRecord) -> [Prerequisite] {
        let event = record.event
        var met: [Prerequisite] = []
        if event.step != 0 { met.append(.step(StepName(record.context, event.step))) }
        switch event.kind {
        case .frameOut: met.append(.out(FrameName(event)))
        case .launchStarted where event.link != .master: met.append(.launch(event.link))
        case .contextDown where event.step != 0: met.append(.down(record.context))
        default: break
        }
        return met
    }

    private static func needed(by record: TraceRecord) -> [Prerequisite] {
        let event = record.event
        var needed: [Prerequisite] = []
        if event.step > 1 { needed.append(.step(StepName(record.context, event.step - 1))) }
        switch event.kind {
        case .frameIn: needed.append(.out(FrameName(event)))
        case .contextUp: needed.append(.launch(record.context))
        case .childExited where event.link != .master: needed += [.down(event.link), .silence(event.link)]
        default: break
        }
        return needed
    }
}
