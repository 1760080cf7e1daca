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
        progress = Progress(of: run.records[...])
        begin = run.records.firstIndex { $0.isMark(StoryMark.begin) } ?? 0
        end = run.records.firstIndex { $0.isMark(StoryMark.end) } ?? run.records.count
    }

    func name(_ id: ContextID) -> String { trace.tree.name(id) }
    func id(_ name: String) -> ContextID? { trace.tree.context(named: name) }

    /// The number of records that are past when `moment` has come; nil when it never comes.
    func cut(at moment: Expectation.Moment) -> Int? {
        switch moment {
        case .end: end
        case .after(let when): cut(after: when)
        case .line(let name): progress[name].map { $0.began.index + 1 }
        }
    }

    private func cut(after when: When) -> Int? {
        guard case .after(let awaited) = when.trigger else { return end }
        guard let start = progress.point(of: awaited) else { return nil }
        let time = start.at + when.plus
        var cut = start.index + 1
        while when.plus > .zero, cut < end, run.records[cut].event.at <= time { cut += 1 }
        return cut
    }
}
