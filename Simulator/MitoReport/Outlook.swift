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

    /// With `isOver` false the trace is of a program that may go on, such as a flight recording.
    public init(_ records: [TraceRecord], isOver: Bool = true) {
        explainer = Explainer(Trace(records), isOver: isOver)
        explanation = explainer.explanation
    }

    /// For people.
    public var text: String {
        guard let explanation else { return ([headline] + timeOuts + waits + losses).joined(separator: "\n") }
        let alsoTimedOut = timeOuts.isEmpty ? [] : ["", "Timed out before:"] + timeOuts.map { "  \($0)" }
        return ([explanation.text] + alsoTimedOut).joined(separator: "\n")
    }

    /// One JSON object.
    public var json: String {
        if let explanation { return explanation.json }
        var json = JSONText()
        json.beginObject()
        json.field("verdict", explainer.verdict.rawValue)
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

    private var headline: String {
        explainer.verdict == .running
            ? "running: what somebody waits for may still come; a later trace that says the same is of a hang."
            : "at rest: nobody waits for what cannot come."
    }

    /// Of a stall the explanation itself tells.
    private var timeOuts: [String] {
        explainer.verdict == .stalled ? [] : explainer.timeOuts.prefix(Self.linesMax).map(\.text)
    }

    private var waits: [String] {
        explainer.waits.prefix(Self.linesMax).map {
            "\(explainer.trace.wait($0.call)): \($0.because.rawValue) at \(explainer.trace.name($0.place))"
        }
    }

    private var losses: [String] {
        explainer.verdict == .running ? [] : explainer.losses.prefix(Self.linesMax).map(\.text)
    }
}
