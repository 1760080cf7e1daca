import MitoCore
public import MitoReport
public import MitoTrace

/// The part of a run that is the story, as readers of traces want it.
public enum Telling {
    /// The records up to the story's end, without the runner's own business: marks of what the trace tells by itself,
    /// and the commands by which a live runner makes other contexts act. Times count from the story's beginning.
    public static func story(in records: [TraceRecord]) -> [TraceRecord] {
        untilItsEnd(records).filter { !isRunnersBusiness($0) }
    }

    /// The story told to a person, one line after another; its tree says what these links are like.
    public static func transcript(of records: [TraceRecord], times: Bool, links: LinkTable? = nil) -> [String] {
        Transcript(Trace(story(in: records)), times: times, note: { links?.note(on: $0) ?? "" }).lines
    }

    /// Why the story does not come to its end; nil when it does.
    public static func explanation(of records: [TraceRecord]) -> Explanation? {
        Explainer(Trace(untilItsEnd(records))).explanation
    }

    /// What is the matter with a story that came to its end or to its limit: a caller gave up on a peer that was
    /// provably lost, somebody else than the story's callers waits, the tree is busy for nothing, or something is left
    /// behind; nil when all is well. Calls named in `expectedTimeouts` are meant to give up.
    public static func fault(in records: [TraceRecord], expectedTimeouts: [String] = []) -> Explanation? {
        let explainer = Explainer(Trace(untilItsEnd(records)), expectedTimeouts: expectedTimeouts)
        return explainer.verdict == .onlyTimersLeft ? nil : explainer.explanation
    }

    /// How far a trace with this header goes, of which something is cut off when it `isCut`. One of real processes
    /// goes to the end when its story or its root has ended: else they may have been at work when it was read, and a
    /// flight recording always is a look in passing.
    public static func reach(of records: [TraceRecord], _ header: TraceHeader, isCut: Bool) -> Outlook.Reach {
        // What follows a story's end is of no interest, be it cut off or not.
        if records.contains(where: { $0.isMark(StoryMark.end) }) { return .end }
        if isCut { return .cut }
        guard WorldKind(rawValue: header.world)?.isReal == true else { return .end }
        return records.contains { $0.context == .master && $0.event.kind == .contextDown } ? .end : .soFar
    }

    /// All that happened until the story ended, dated from its beginning, or from the world's if it never began.
    public static func untilItsEnd(_ records: [TraceRecord]) -> [TraceRecord] {
        let end = records.firstIndex { $0.isMark(StoryMark.end) } ?? records.count
        let first = records.first { $0.isMark(StoryMark.begin) } ?? records.first { $0.event.at > .start }
        let begin = first?.event.at ?? .start
        return records[..<end].map { record in
            var record = record
            record.event.at = .start + (record.event.at - begin)
            return record
        }
    }

    private static func isRunnersBusiness(_ record: TraceRecord) -> Bool {
        let event = record.event
        if event.handle == .diagnostic || event.handle == .lossReason { return true }
        guard event.kind == .command else { return false }
        return event.step == 0 && toldByThemselves.contains(event.text)
    }

    /// What is done by these words shows in the records that follow.
    private static let toldByThemselves = [
        ConnectWord.word, ShutdownWord.word, StreamWord.word, ChaosWord.word, SendWord.word, CancelWord.word,
        LogWord.word, CheckWord.word, DetachWord.word,
    ]
}
