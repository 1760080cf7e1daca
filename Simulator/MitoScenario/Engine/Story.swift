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
    /// The calls that were asked for and have not ended, in the order of the story.
    public private(set) var openCalls: [String] = []

    private struct Line {
        var entry: StoryEntry
        var state = State.waiting
    }

    private enum State: Equatable {
        /// For something else to happen first.
        case waiting
        case due(Instant)
        case done
    }

    /// The story's clock starts now.
    public init(_ entries: [StoryEntry], at now: Instant) {
        self.entries = entries.map { Line(entry: $0) }
        self.now = now
        schedule(entryBefore: 0, at: now)
        for index in entries.indices {
            guard case .at(let time) = entries[index].when.trigger else { continue }
            self.entries[index].state = .due(now + time + entries[index].when.plus)
        }
    }

    /// The next record of the run, in order; records from before the story began may be left out.
    public mutating func observed(_ record: TraceRecord) {
        now = max(now, record.event.at)
        progress.observe(record)
        if record.event.kind == .callEnded { openCalls.removeAll { $0 == record.event.tag } }
        for index in entries.indices where entries[index].state == .waiting {
            guard case .after(let name, let phase) = entries[index].entry.when.trigger,
                let point = progress.point(of: name, phase)
            else { continue }
            entries[index].state = .due(point.at + entries[index].entry.when.plus)
        }
    }

    /// The clock says `now`.
    public mutating func expired(at now: Instant) { self.now = max(self.now, now) }

    /// The next thing to do, nil when there is nothing until the next record or `deadline`. Of several that are due
    /// the earliest comes first; of equals, the first in the file.
    public mutating func poll() -> StoryEntry? {
        guard let (index, time) = earliest(), time <= now else { return nil }
        entries[index].state = .done
        schedule(entryBefore: index + 1, at: now)
        let entry = entries[index].entry
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

    private func earliest() -> (index: Int, time: Instant)? {
        var best: (index: Int, time: Instant)?
        for index in entries.indices {
            guard case .due(let time) = entries[index].state, best.map({ time < $0.time }) ?? true else { continue }
            best = (index, time)
        }
        return best
    }
}
