import MitoCore
import MitoLinux

/// A link as descriptors: where its bytes come from and go to, and what of them still waits to be written.
final class LiveLink {
    enum Flush: Hashable {
        /// Nothing waits any more.
        case done
        /// The rest must wait until there is room.
        case blocked
        /// Nobody reads it any more.
        case closed
    }

    let id: LinkID
    /// What waits to be written, the first `sentCount` bytes of it excepted. More is only taken from the node once
    /// all of it was written, so that the node sees how much waits.
    var unsent: [UInt8] = []
    private var sentCount = 0
    /// How many bytes wait to be written.
    var waitingCount: Int { unsent.count - sentCount }
    /// Told to close: it only lives on, until then, for what still waits to be written.
    private(set) var lingersUntil: Instant?

    private let input: FileDescriptor
    /// Where it differs from `input`: a context that was given two pipes or a terminal.
    private let output: Output?
    /// Does the other side not read as fast as we write? Then room is waited for.
    private(set) var isBlocked = false
    /// What is made of it on purpose; nil where its bytes go as fast as they can.
    var shaping: Shaping?
    /// Was the node told that more waits than is taken?
    var isCongested = false
    /// Is what comes in left where it is?
    private(set) var isReadingPaused = false

    /// A link that reads and writes one socket.
    init(_ id: LinkID, socket: consuming FileDescriptor) {
        self.id = id
        input = socket
        output = nil
    }

    /// A link that reads one descriptor and writes another; the two may be open on one thing.
    init(_ id: LinkID, input: consuming FileDescriptor, output: consuming FileDescriptor) {
        self.id = id
        self.input = input
        self.output = Output(output)
    }

    /// Begins to read.
    func start(on watchlist: Watchlist) throws(SystemError) {
        try input.setNonblocking()
        try output?.descriptor.setNonblocking()
        try watchlist.watch(input.number, for: .link(id), reads: true)
    }

    /// Reads no more; what waits may still be written.
    func linger(until end: Instant, on watchlist: Watchlist) throws(SystemError) {
        lingersUntil = end
        if output != nil {
            watchlist.forget(input.number)
        } else {
            try watchlist.watch(input.number, for: .link(id), reads: false, writes: isBlocked)
        }
    }

    /// Reads nothing for a while, or goes on.
    func pauseReading(_ isPaused: Bool, on watchlist: Watchlist) throws(SystemError) {
        isReadingPaused = isPaused
        guard lingersUntil == nil else { return }
        try watchlist.watch(
            input.number, for: .link(id), reads: !isPaused, writes: output == nil && isBlocked)
    }

    /// The other side is gone while nothing is read: that cannot be left unsaid by whoever watches the descriptor.
    func stopWatching(on watchlist: Watchlist) { watchlist.forget(input.number) }

    /// Is not watched any more; the descriptors close with this object.
    func stop(on watchlist: Watchlist) {
        watchlist.forget(input.number)
        if let output { watchlist.forget(output.descriptor.number) }
    }

    /// Reads once.
    func read(into buffer: inout [UInt8]) throws(SystemError) -> Transfer {
        try input.read(into: &buffer)
    }

    /// Writes what waits, as far as it goes without blocking.
    func flush(on watchlist: Watchlist) throws(SystemError) -> Flush {
        while sentCount < unsent.count {
            switch try write() {
            case .bytes(let count): sentCount += count
            case .closed: return .closed
            case .wouldBlock:
                try watchForRoom(true, on: watchlist)
                return .blocked
            }
        }
        unsent.removeAll(keepingCapacity: unsent.capacity <= Self.keptBytesMax)
        sentCount = 0
        try watchForRoom(false, on: watchlist)
        return .done
    }

    private func write() throws(SystemError) -> Transfer {
        guard let output else { return try input.send(unsent, from: sentCount) }
        return try output.descriptor.write(unsent, from: sentCount)
    }

    private func watchForRoom(_ isWanted: Bool, on watchlist: Watchlist) throws(SystemError) {
        guard isBlocked != isWanted else { return }
        isBlocked = isWanted
        guard let output = output?.descriptor.number else {
            let reads = lingersUntil == nil && !isReadingPaused
            return try watchlist.watch(input.number, for: .link(id), reads: reads, writes: isWanted)
        }
        if isWanted {
            try watchlist.watch(output, for: .link(id), reads: false, writes: true)
        } else {
            watchlist.forget(output)
        }
    }

    private final class Output {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    /// A burst does not hold its memory for ever.
    private static let keptBytesMax = 2 * 1024 * 1024
}
