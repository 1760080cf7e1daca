import HeapModule

/// What a node waits for until a moment.
enum TimerKey: Hashable, Sendable {
    /// A call must be answered.
    case call(Handle)
    /// A child must be up.
    case boot(LinkID)
    /// A child that was asked to end must be gone.
    case farewell(LinkID)
    /// An orderly end must be over.
    case grace
}

/// Deadlines, earliest first; those of one moment in the order in which they were set.
@usableFromInline struct TimerQueue: Sendable {
    private struct Entry: Comparable, Sendable {
        var at: Instant
        var sequence: UInt64
        var key: TimerKey

        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
        static func == (a: Entry, b: Entry) -> Bool { a.sequence == b.sequence }
    }

    private var heap = Heap<Entry>() {
        didSet { next = heap.min?.at }
    }
    /// The entry of each key that still counts; others in the heap were given up and are skipped.
    private var live: [TimerKey: UInt64] = [:]
    private var sequence: UInt64 = 0

    var count: Int { live.count }
    /// The earliest deadline. Stored: a driver asks after every event, and there are few changes.
    @usableFromInline private(set) var next: Instant?

    mutating func arm(_ key: TimerKey, at: Instant) {
        sequence += 1
        live[key] = sequence
        heap.insert(Entry(at: at, sequence: sequence, key: key))
        dropGivenUp()
    }

    /// Gives a deadline up; false when there was none.
    @discardableResult
    mutating func cancel(_ key: TimerKey) -> Bool {
        guard live.removeValue(forKey: key) != nil else { return false }
        dropGivenUp()
        return true
    }

    /// The next key whose time has come.
    mutating func popDue(at now: Instant) -> TimerKey? {
        guard let first = heap.min, first.at <= now else { return nil }
        heap.removeMin()
        live[first.key] = nil
        dropGivenUp()
        return first.key
    }

    /// Keeps the first entry a live one, and the heap no more than twice as large as what is live.
    private mutating func dropGivenUp() {
        while let first = heap.min, live[first.key] != first.sequence { heap.removeMin() }
        if heap.count > 2 * live.count + 64 {
            heap = Heap(heap.unordered.filter { live[$0.key] == $0.sequence })
        }
    }
}
