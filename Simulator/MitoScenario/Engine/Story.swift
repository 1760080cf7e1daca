public import MitoCore
public import MitoTrace

/// A story being told. It is fed with what the trace says and what time it is, and hands out what is to be done next;
/// it does nothing itself, so that every world tells it in the same way.
///
/// ```swift
/// var story = Story(scenario.story, at: now)
/// while let entry = story.poll() { try entry.word.perform(on: stage, as: entry.name) }
/// // later: story.observed(record), story.expired(at: now), and poll again
/// ```
public struct Story: Sendable {
    private var entries: [Line]
    private var progress = Progress()
    private var now: Instant
    private let begin: Instant
    private var ids: [String: ContextID]
    /// The calls that were asked for and have not ended, in the order of the story.
    public private(set) var openCalls: [String] = []

    private struct Line {
        var entry: StoryEntry
        var state = State.waiting
        /// How often it was handed out, or how many of its messages were sent.
        var count = 0
    }

    private enum State: Equatable {
        /// For something else to happen first.
        case waiting
        case due(Instant)
        case done
    }

    /// The story's clock starts now.
    ///
    /// - Parameters:
    ///   - entries: what is to happen.
    ///   - now: the beginning, on the world's clock.
    ///   - ids: the contexts that are up; of others it learns from the records.
    public init(_ entries: [StoryEntry], at now: Instant, ids: [String: ContextID] = [:]) {
        self.entries = entries.map { Line(entry: $0) }
        self.now = now
        self.ids = ids
        begin = now
        schedule(entryBefore: 0, at: now)
        for index in entries.indices {
            switch entries[index].when.trigger {
            case .at(let time): self.entries[index].state = .due(now + time + entries[index].when.plus)
            case .every(let interval, until: _):
                self.entries[index].state = .due(now + interval + entries[index].when.plus)
            case .entryBefore, .after, .on: break
            }
        }
    }

    /// The next record of the run, in order; records from before the story began may be left out.
    public mutating func observed(_ record: TraceRecord) {
        now = max(now, record.event.at)
        progress.observe(record)
        if record.event.kind == .contextUp { ids[record.event.text] = record.context }
        if record.event.kind == .callEnded { openCalls.removeAll { $0 == record.event.tag } }
        for index in entries.indices where entries[index].state == .waiting {
            guard let moment = moment(of: index, record) else { continue }
            entries[index].state = .due(moment + entries[index].entry.when.plus)
        }
    }

    /// The clock says `now`.
    public mutating func expired(at now: Instant) { self.now = max(self.now, now) }

    /// The next thing to do, nil when there is nothing until the next record or `deadline`. Of several that are due
    /// the earliest comes first; of equals, the first in the file.
    public mutating func poll() -> StoryEntry? {
        guard let (index, time) = earliest(), time <= now else { return nil }
        entries[index].state = .done
        if entries[index].count == 0 { schedule(entryBefore: index + 1, at: now) }
        var entry = entries[index].entry
        if case .every(let interval, let until) = entry.when.trigger {
            entries[index].count += 1
            if time + interval <= begin + until + entry.when.plus { entries[index].state = .due(time + interval) }
            // Each time it is something else that happens.
            entry.name += ".\(entries[index].count)"
        }
        if entry.word.isCall { openCalls.append(entry.name) }
        return entry
    }

    /// When `expired` wants to be called next.
    public var deadline: Instant? { earliest()?.time }

    /// Was everything handed out that the story has?
    public var isTold: Bool { entries.allSatisfy { $0.state == .done } }

    /// The entries that still wait for something to happen.
    public var waiting: [StoryEntry] { entries.filter { $0.state != .done }.map(\.entry) }

    private mutating func schedule(entryBefore index: Int, at time: Instant) {
        guard entries.indices.contains(index), case .entryBefore = entries[index].entry.when.trigger else { return }
        entries[index].state = .due(time + entries[index].entry.when.plus)
    }

    /// When what a line waits for has come, if it has come with this record.
    private mutating func moment(of index: Int, _ record: TraceRecord) -> Instant? {
        switch entries[index].entry.when.trigger {
        case .after(let awaited): return progress.point(of: awaited)?.at
        case .on(let pattern):
            guard pattern.matches(record, { ids[$0] }) else { return nil }
            entries[index].count += 1
            guard entries[index].count >= pattern.nth else { return nil }
            entries[index].count = 0
            return record.event.at
        case .entryBefore, .at, .every: return nil
        }
    }

    private func earliest() -> (index: Int, time: Instant)? {
        var best: (index: Int, time: Instant)?
        for index in entries.indices {
            guard case .due(let time) = entries[index].state, best.map({ time < $0.time }) ?? true else { continue }
            best = (index, time)
        }
        return best
    }
}
