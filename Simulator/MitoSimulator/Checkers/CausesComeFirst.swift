import MitoCore
public import MitoTrace

/// No effect comes before its cause: steps and time go on in each context, a cause is a step that has been, what comes
/// out of a link went in before, a context was launched before it is up, and nobody acts after their end.
///
/// Only the order of the records counts between two contexts: their clocks may differ.
public struct CausesComeFirst: Checker {
    public let invariant = Invariant.causesComeFirst

    public init() {}

    public mutating func observe(_ record: TraceRecord) {
        let event = record.event
        if record.index <= index { findings.add("it stands after record \(index)", by: record) }
        index = max(index, record.index)
        // What the world does to a context is no step of its own.
        guard event.step != 0 else {
            if let victim = record.victim { lives[victim, default: Life()].isKilled = true }
            if record.strike == .duplicate { underway[Lane(link: event.link, upward: event.upward), default: 0] += 1 }
            return
        }
        if let life = lives[record.context] { judge(record, life) }
        lives[record.context, default: Life()].step = event.step
        lives[record.context, default: Life()].at = event.at
        switch event.kind {
        case .launchStarted: lives[event.subject, default: Life()].isLaunched = true
        case .contextUp where event.link != .master && lives[record.context]?.isLaunched != true:
            findings.add("it came up without having been launched", by: record)
        case .contextDown: lives[record.context, default: Life()].isOver = true
        case .frameOut: underway[Lane(link: event.link, upward: event.upward), default: 0] += 1
        case .frameIn: arrived(record)
        default: break
        }
    }

    public mutating func finish() -> [Violation] { findings.take() }

    // MARK: Parts

    private struct Life: Sendable {
        var step: UInt64 = 0
        var at = Instant.start
        var isLaunched = false
        var isOver = false
        var isKilled = false
    }

    /// One direction of a link.
    private struct Lane: Hashable {
        var link: ContextID
        var upward: Bool
    }

    private var lives: [ContextID: Life] = [:]
    /// How many frames went in and have not come out, where any ever went in.
    private var underway: [Lane: Int] = [:]
    private var index: UInt64 = 0
    private var findings = Findings(.causesComeFirst)

    private mutating func judge(_ record: TraceRecord, _ life: Life) {
        let event = record.event
        if life.step > 0, event.step != life.step + 1 {
            findings.add("step \(event.step) follows step \(life.step)", by: record)
        }
        if event.at < life.at { findings.add("time went back from \(life.at.nanoseconds) ns", by: record) }
        if event.cause >= event.step { findings.add("step \(event.step) is due to step \(event.cause)", by: record) }
        if life.isKilled { findings.add("\(event.kind.word) after it was killed", by: record) }
        if life.isOver, event.kind == .frameIn || event.kind == .frameOut {
            findings.add("\(event.kind.word) after it ended", by: record)
        }
    }

    private mutating func arrived(_ record: TraceRecord) {
        let lane = Lane(link: record.event.link, upward: record.event.upward)
        // What was never seen to be sent came from a context that writes no trace.
        guard let count = underway[lane] else { return }
        if count == 0 { return findings.add("a frame came in that nobody had sent", by: record) }
        underway[lane] = count - 1
    }
}
