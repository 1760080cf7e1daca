/// The events of one context since somebody last looked, the latest ones whether or not anybody looks, and the count
/// that numbers them.
///
/// Steps are counted whether or not events are kept, so that turning the trace on changes nothing else.
@usableFromInline struct Journal: Sendable {
    @usableFromInline var isKept: Bool
    private(set) var events: [Event] = []
    private(set) var step: UInt64 = 0
    /// The step that everything happening now is due to.
    var cause: UInt64 = 0
    var now: Instant = .start
    private var flight: FlightRecorder

    init(_ configuration: Node.Configuration) {
        isKept = configuration.isTraced
        flight = FlightRecorder(entriesMax: configuration.flightEntriesMax)
    }

    /// Numbers the event, dates it, and keeps it. Returns its step.
    ///
    /// - Parameter words: fills in what is dear to say, a text that must be made first; it is only asked for when
    ///   somebody looks.
    @inline(__always) @discardableResult
    mutating func note(
        _ kind: Event.Kind, _ fill: (inout Event) -> Void = { _ in }, words: (inout Event) -> Void = { _ in }
    ) -> UInt64 {
        step += 1
        if isKept {
            var event = Event(kind, step: step, cause: cause, at: now)
            fill(&event)
            words(&event)
            if flight.isOn { flight.record(FlightEntry(event)) }
            // An event is large to copy.
            events.append(consume event)
        } else if flight.isOn {
            // Where all of this is in one place, the event is never made: what is filled in goes into the entry.
            var event = Event(kind, step: step, cause: cause, at: now)
            fill(&event)
            flight.record(FlightEntry(event))
        }
        return step
    }

    /// Notes an event that is itself an input: what follows, until the next one, cites it.
    @inline(__always)
    mutating func begin(
        _ kind: Event.Kind, _ fill: (inout Event) -> Void = { _ in }, words: (inout Event) -> Void = { _ in }
    ) {
        cause = 0
        cause = note(kind, fill, words: words)
    }

    /// Notes what became of a frame while nobody looks: by far the most frequent events, so they are kept without
    /// being made first. Returns the event's step.
    @inline(__always) @discardableResult
    mutating func noteUnseen(
        _ kind: Event.Kind, _ header: FrameHeader, digest: UInt64 = 0, link: ContextID = .master,
        isUpward: Bool = false, ordinal: UInt64 = 0
    ) -> UInt64 {
        step += 1
        flight.record(
            FlightEntry(
                kind, header, digest: digest, link: link, isUpward: isUpward, ordinal: ordinal,
                causeDistance: cause == 0 ? 0 : step &- cause, at: now))
        return step
    }

    /// Exchanges the events for `emptied`, whose storage the next ones fill.
    mutating func swapEvents(for emptied: inout [Event]) { swap(&events, &emptied) }

    /// The latest events as they were kept, the oldest first; the last one has the step `step`.
    var latest: [FlightEntry] { flight.latest }
}
