import MitoCore
import MitoReport
import MitoTrace

/// The part of a run that is to be told again: until it was shut down, and where its story began.
struct Recording: Sendable {
    let trace: Trace
    /// Where the story begins: all before it only brought contexts up.
    let begin: Int
    /// Whose processes ended by a signal, or with another status than that of an orderly end.
    private(set) var crashed: Set<ContextID> = []
    /// Where each context was launched.
    private(set) var launches: [ContextID: Int] = [:]
    /// Who refused to pass a message on between two contexts that are not above it.
    private(set) var unidirectional: Set<ContextID> = []
    /// The calls for whose items the runner opened a receiver.
    private(set) var streams: Set<String> = []

    init(_ records: [TraceRecord]) {
        let end = records.firstIndex { $0.isMark(StoryMark.end) || $0.isEndOfProgram } ?? records.count
        let told = Array(records[..<end])
        trace = Trace(told)
        begin = told.firstIndex { $0.isMark(StoryMark.begin) } ?? trace.calls.first?.started ?? told.count
        for (position, record) in told.enumerated() {
            let event = record.event
            switch event.kind {
            case .childExited where event.text != "exit 0": crashed.insert(event.link)
            case .launchStarted where launches[event.link] == nil: launches[event.link] = position
            case .command where event.step == 0 && event.text == StreamWord.word: streams.insert(event.tag)
            case .dropped where event.reason == .routingMode: unidirectional.insert(record.context)
            default: continue
            }
        }
    }

    var records: [TraceRecord] { trace.records }

    /// When something happened, from the beginning of the story.
    func time(_ position: Int) -> Duration {
        guard begin < records.count else { return .zero }
        return max(.zero, records[position].event.at - records[begin].event.at)
    }
}

extension TraceRecord {
    /// Does the program end its tree here?
    fileprivate var isEndOfProgram: Bool {
        context == .master && event.kind == .command && event.step != 0 && event.text == "shutdown"
    }
}
