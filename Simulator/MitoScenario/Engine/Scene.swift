import MitoCore
import MitoReport
import MitoTrace

/// What an expectation looks at: the run as far as the moment that it is about.
public struct Scene {
    let chronicle: Chronicle
    /// The records that are past at this moment.
    let records: ArraySlice<TraceRecord>
    /// How much later than said something may happen in this world.
    let slack: Duration
    let explanation: Explanation?
    /// How far everything has come: what is said of a call may come true after this moment, unless that alone counts.
    let progress: Progress

    /// - Parameter isMomentary: does nothing count that comes later, not even the end of a call?
    init(
        _ chronicle: Chronicle, upTo cut: Int, slack: Duration, explanation: Explanation?, isMomentary: Bool = false
    ) {
        self.chronicle = chronicle
        records = chronicle.run.records[..<cut]
        self.slack = slack
        self.explanation = explanation
        progress = isMomentary ? Progress(of: records) : chronicle.progress
    }

    var run: Run { chronicle.run }

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
