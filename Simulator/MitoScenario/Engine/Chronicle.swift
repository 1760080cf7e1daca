import MitoCore
import MitoReport
import MitoTrace

/// A whole run, indexed once: who is who, what was called what, where the story begins and ends.
struct Chronicle {
    let run: Run
    let trace: Trace
    let progress: Progress
    /// The places of the marks; a run that did not get so far begins at 0 and ends with its last record.
    let begin: Int
    let end: Int

    init(_ run: Run) {
        self.run = run
        trace = Trace(run.records)
        var progress = Progress()
        for record in run.records { progress.observe(record) }
        self.progress = progress
        begin = run.records.firstIndex { $0.isMark(StoryMark.begin) } ?? 0
        end = run.records.firstIndex { $0.isMark(StoryMark.end) } ?? run.records.count
    }

    func name(_ id: ContextID) -> String { trace.tree.name(id) }
    func id(_ name: String) -> ContextID? { trace.tree.context(named: name) }

    /// The number of records that are past when `moment` has come; nil when it never comes.
    func cut(at moment: Expectation.Moment) -> Int? {
        guard case .after(let when) = moment else { return end }
        let start: Progress.Point
        switch when.trigger {
        case .after(let name, let phase):
            guard let point = progress.point(of: name, phase) else { return nil }
            start = point
        case .at, .entryBefore:
            return end
        }
        let time = start.at + when.plus
        var cut = start.index + 1
        while when.plus > .zero, cut < end, run.records[cut].event.at <= time { cut += 1 }
        return cut
    }
}

/// What an expectation looks at: the run as far as the moment that it is about.
public struct Scene {
    let chronicle: Chronicle
    /// The records that are past at this moment.
    let records: ArraySlice<TraceRecord>
    /// How much later than said something may happen in this world.
    let slack: Duration
    let explanation: Explanation?

    init(_ chronicle: Chronicle, upTo cut: Int, slack: Duration, explanation: Explanation?) {
        self.chronicle = chronicle
        records = chronicle.run.records[..<cut]
        self.slack = slack
        self.explanation = explanation
    }

    var run: Run { chronicle.run }
    var progress: Progress { chronicle.progress }

    /// Judges the end of a call, which may come after this moment.
    func endOfCall(_ name: String, _ judge: (Event) -> Judgement) -> Judgement {
        guard let facts = progress[name] else { return .fails("\(name) was never called") }
        guard let end = facts.ended else { return .fails("\(name) never ended") }
        return judge(run.records[end.index].event)
    }

    /// The contexts that the request of a call passed; its caller alone when it never left.
    func requestPath(of name: String) -> [String]? {
        guard let facts = progress[name], facts.isCall else { return nil }
        let arrivals = run.records[facts.began.index...].lazy.filter { record in
            let event = record.event
            return event.kind == .frameIn && event.source == facts.context && event.replyTo == facts.handle
                && event.handle == .callFunction
        }
        return [chronicle.name(facts.context)] + arrivals.map { chronicle.name($0.context) }
    }
}
