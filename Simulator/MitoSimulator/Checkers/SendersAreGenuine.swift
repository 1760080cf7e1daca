import MitoCore
public import MitoTrace

/// No message is delivered or passed on whose source or authority cannot speak from where it came: what comes up a
/// link must be from somebody below it, what comes down must not.
///
/// A parent may speak for all that is below it, as the protocol has it; nobody can tell from outside.
public struct SendersAreGenuine: Checker {
    public let invariant = Invariant.sendersAreGenuine

    public init() {}

    public mutating func observe(_ record: TraceRecord) {
        kinship.observe(record)
        if let victim = record.victim { return inputs[victim] = nil }
        let event = record.event
        switch event.kind {
        case .frameIn:
            inputs[record.context] = Input(step: event.step, frame: event, isForged: isForged(record))
        case .delivered: judge(record, "delivered")
        case .frameOut: judgeSender(of: record)
        case .contextDown: inputs[record.context] = nil
        case .command where event.step == 0 && event.text.hasPrefix("spoof"): spoofers.insert(event.subject)
        default: break
        }
    }

    public mutating func finish() -> [Violation] { findings.take() }

    // MARK: Parts

    /// The frame that a context is at work on.
    private struct Input: Sendable {
        var step: UInt64
        var frame: Event
        var isForged: Bool
    }

    private var kinship = Kinship()
    private var inputs: [ContextID: Input] = [:]
    /// Those whom the world let speak in another's name: what they send is not theirs.
    private var spoofers: Set<ContextID> = []
    private var findings = Findings(.sendersAreGenuine)

    private func isForged(_ record: TraceRecord) -> Bool {
        let event = record.event
        guard event.source != record.context, event.authority != record.context else { return true }
        return [event.source, event.authority].contains { speaker in
            // Of those who are gone nobody knows any more where they were.
            guard !kinship.isGone(speaker) else { return false }
            if event.upward { return !kinship.isBelow(event.link, speaker) }
            return kinship.isBelow(record.context, speaker)
        }
    }

    private mutating func judge(_ record: TraceRecord, _ deed: String) {
        guard let input = inputs[record.context], input.step == record.event.cause, input.isForged else { return }
        let frame = input.frame
        let way = "\(frame.upward ? "up" : "down") the link of \(frame.link)"
        let speaker = "source \(frame.source) with the authority of \(frame.authority)"
        findings.add("\(deed) a message that came \(way) from \(speaker), who are not there", by: record)
    }

    /// Whoever sends what is not its own must have got it from somebody.
    private mutating func judgeSender(of record: TraceRecord) {
        let event = record.event
        guard event.source != record.context || event.authority != record.context else { return }
        guard let input = inputs[record.context], input.step == event.cause, input.frame.source == event.source,
            input.frame.authority == event.authority, input.frame.digest == event.digest
        else {
            if spoofers.contains(record.context) { return }
            let speaker = "\(event.source) with the authority of \(event.authority)"
            return findings.add("sent a message as \(speaker) that did not come from there", by: record)
        }
        judge(record, "passed on")
    }
}
