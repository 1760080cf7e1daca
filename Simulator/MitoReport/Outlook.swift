import MitoCore
public import MitoTrace

/// What a trace comes to, whatever it is: the explanation of a hang or of what is left behind, or that there is nothing
/// to explain, and then what goes on and what was lost without harm; besides, where the request or the answer of each
/// call was that ended by its time-out.
///
///     print(Outlook(records).text)
public struct Outlook: Sendable {
    /// Nil when nobody waits in vain, nobody is busy for nothing and nothing is left behind.
    public let explanation: Explanation?
    private let explainer: Explainer
    private let reach: Reach

    /// How far a trace goes.
    public enum Reach: Hashable, Sendable {
        /// To the end of the run: what has not come by then never will.
        case end
        /// As far as a program had come that may go on, such as a flight recording.
        case soFar
        /// To some moment of a run that went on: then nothing is certain, and nothing is explained.
        case cut
    }

    public init(_ records: [TraceRecord], reach: Reach = .end) {
        explainer = Explainer(Trace(records), isOver: reach == .end)
        explanation = reach == .cut ? nil : explainer.explanation
        self.reach = reach
    }

    /// For people.
    public var text: String {
        guard let explanation else {
            let isOpen = reach == .soFar && verdict == .running
            let silence = isOpen ? until.map { ["Nothing is known of after \($0)."] } ?? [] : []
            return ([headline] + timeOuts + waits + losses + silence).joined(separator: "\n")
        }
        let alsoTimedOut = timeOuts.isEmpty ? [] : ["", "Timed out before:"] + timeOuts.map { "  \($0)" }
        return ([explanation.text] + alsoTimedOut).joined(separator: "\n")
    }

    /// One JSON object.
    public var json: String {
        if let explanation { return explanation.json }
        var json = JSONText()
        json.beginObject()
        json.field("verdict", verdict.rawValue)
        json.field("headline", headline)
        json.field("time-outs", timeOuts)
        json.field("waits", waits)
        json.field("losses", losses)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// A flow chart: who waits on whom, and where it was lost, if anything was.
    public var mermaid: String {
        (explanation?.picture ?? WaitPicture(explainer.trace, waiting: explainer.quiescence.pending)).mermaid
    }

    private static let linesMax = 20

    private var verdict: Quiescence.Verdict { reach == .cut ? .running : explainer.verdict }

    private var headline: String {
        if reach == .cut {
            let last = until.map { ", at \($0)" } ?? ""
            return "running: the trace ends before the run does\(last); what is waited for may still come."
        }
        return verdict == .running
            ? "running: what somebody waits for may still come; a later trace that says the same is of a hang."
            : "at rest: nobody waits for what cannot come."
    }

    /// When the trace ends; nil when there is nothing in it.
    private var until: String? {
        explainer.trace.records.last.map { Duration(nanoseconds: $0.event.at.nanoseconds).rounded }
    }

    /// Of a stall the explanation itself tells.
    private var timeOuts: [String] {
        verdict == .stalled ? [] : explainer.timeOuts.prefix(Self.linesMax).map(\.text)
    }

    private var waits: [String] {
        let trace = explainer.trace
        return explainer.waits.prefix(Self.linesMax).map { wait in
            let since = Duration(nanoseconds: trace.records[wait.call.started].event.at.nanoseconds).rounded
            let waits = "\(trace.wait(wait.call)) since \(since)"
            return reach == .cut ? waits : "\(waits): \(wait.because.rawValue) at \(trace.name(wait.place))"
        }
    }

    private var losses: [String] {
        verdict == .running ? [] : explainer.losses.prefix(Self.linesMax).map(\.text)
    }
}
