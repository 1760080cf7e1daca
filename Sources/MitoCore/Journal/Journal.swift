/// The events of one context since somebody last looked, and the count that numbers them.
///
/// Steps are counted whether or not events are kept, so that turning the trace on changes nothing else.
struct Journal: Sendable {
    var isKept: Bool
    private(set) var events: [Event] = []
    private(set) var step: UInt64 = 0
    /// The step that everything happening now is due to.
    var cause: UInt64 = 0
    var now: Instant = .start

    init(isKept: Bool) { self.isKept = isKept }

    /// Numbers the event, dates it, and keeps it when somebody looks. Returns its step.
    @discardableResult
    mutating func note(_ kind: Event.Kind, _ fill: (inout Event) -> Void = { _ in }) -> UInt64 {
        step += 1
        guard isKept else { return step }
        // Filled where it lies: an event is large to move.
        events.append(Event(kind, step: step, cause: cause, at: now))
        fill(&events[events.count - 1])
        return step
    }

    /// Notes an event that is itself an input: what follows, until the next one, cites it.
    mutating func begin(_ kind: Event.Kind, _ fill: (inout Event) -> Void = { _ in }) {
        cause = 0
        cause = note(kind, fill)
    }

    /// Exchanges the events for `emptied`, whose storage the next ones fill.
    mutating func swapEvents(for emptied: inout [Event]) { swap(&events, &emptied) }
}
