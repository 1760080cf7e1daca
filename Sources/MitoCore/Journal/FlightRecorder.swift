/// The latest events of one context, always kept, traced or not: what can still be looked at once something hung that
/// nobody was watching.
///
/// A ring of small entries. Steps are counted without a gap, so that an entry's place tells its step.
struct FlightRecorder: Sendable {
    private var entries: [FlightEntry] = []
    /// Where the next entry goes once the ring is full: the oldest is there.
    private var next = 0
    private let entriesMax: Int

    init(entriesMax: Int) { self.entriesMax = max(0, entriesMax) }

    var isOn: Bool { entriesMax > 0 }

    @inline(__always)
    mutating func record(_ entry: FlightEntry) {
        if entries.count < entriesMax {
            entries.append(entry)
        } else if entriesMax > 0 {
            entries[next] = entry
            next += 1
            if next == entriesMax { next = 0 }
        }
    }

    /// What is kept, the oldest first.
    var latest: [FlightEntry] { next == 0 ? entries : Array(entries[next...] + entries[..<next]) }
}
