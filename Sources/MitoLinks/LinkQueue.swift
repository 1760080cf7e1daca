import DequeModule
public import MitoCore

/// One direction of a link with what is in it: whole writes go in, and come out in order when their time has come.
///
/// It holds at most the link's `queue` and the sender's socket buffer; what is written to a full one waits with the
/// sender, whose driver writes no more until `isFull` is over, so that the node sees how much waits.
///
/// ```swift
/// queue.write(bytes, at: now)
/// while let next = queue.next, next <= now { deliver(queue.take()) }
/// queue.admit(at: now)                       // there may be room for more
/// ```
public struct LinkQueue: Sendable {
    /// - Parameters:
    ///   - model: what this direction of the link is like.
    ///   - seed: what delays and losses are drawn from, in streams of the link's own.
    ///   - link: the context at the link's lower end.
    ///   - way: the direction.
    ///   - preface: what comes before the first frame.
    ///   - buffer: how many bytes the sender's socket takes beside the link's own queue.
    public init(
        _ model: LinkModel.OneWay, seed: UInt64, link: ContextID, _ way: Way, preface: FrameWalk.Preface, buffer: Int
    ) {
        state = LinkState(model, seed: seed, link: link, way)
        walk = FrameWalk(before: preface)
        self.buffer = buffer
    }

    public var model: LinkModel.OneWay {
        get { state.model }
        set { state.model = newValue }
    }
    /// Whether what has arrived comes out.
    public var gate = Gate() {
        didSet { settleNext() }
    }
    /// Frames that were taken out whole.
    public private(set) var framesMoved: UInt64 = 0

    // MARK: Writing

    /// Writes bytes: whole units, as a node does. What does not fit waits.
    public mutating func write(_ bytes: consuming [UInt8], at now: Instant) {
        write(Write(bytes: bytes), at: now)
    }

    /// Writes one frame, whatever its header says.
    ///
    /// - Parameters:
    ///   - bytes: the frame with its header.
    ///   - now: when it is written.
    ///   - extra: what it takes longer.
    public mutating func write(frame bytes: [UInt8], at now: Instant, extra: Duration = .zero) {
        write(Write(bytes: bytes, isOneFrame: true, extra: extra), at: now)
    }

    /// Writes the end of the stream, which comes after all that was written.
    public mutating func end(at now: Instant) {
        guard isRead, !isEnding else { return }
        isEnding = true
        admit(at: now)
    }

    /// Lets in what waits, as far as there is room.
    public mutating func admit(at now: Instant) {
        while let waiting = rest.first {
            let admitted = admit(waiting, at: now)
            guard admitted == waiting.bytes.count else {
                rest[0].start = admitted
                return
            }
            rest.removeFirst()
        }
        guard isEnding, !hasEnd else { return }
        putEnd(due: state.arrival(ofGreeting: 0, at: now))
    }

    /// Does something wait for room? Then the sender writes no more.
    public private(set) var isFull = false

    /// The sender is gone: what has not been let in is lost.
    public mutating func forgetRest() { rest.removeAll() }

    /// Nobody reads any more: what is inside, and what is still written, is lost.
    public mutating func abandon() {
        isRead = false
        parcels.removeAll()
        rest.removeAll()
        bytesInside = 0
    }

    // MARK: Reading

    /// When the next comes out; nil when nothing does.
    ///
    /// Stored, as `isFull` is: a driver asks for both after every event, and a computed one has the queue copied.
    public private(set) var next: Instant?
    /// When the last of what is inside arrives.
    public var last: Instant? { parcels.last?.due }
    /// Is nothing inside, and does nothing wait?
    public var isEmpty: Bool { parcels.isEmpty && rest.isEmpty }

    /// What comes out at once.
    public struct Piece {
        public var bytes: [UInt8]
        /// Which of the bytes come out now; empty at the end of the stream.
        public var range: Range<Int>
        /// How many frames are counted with them: those of all that arrives together with its first bytes, as whoever
        /// reads a frame of it may not be there any more for the rest.
        public var frames: UInt32
        public var isEnd: Bool { range.isEmpty }
        /// Do no others of these bytes follow?
        public var isLast: Bool { range.upperBound == bytes.count }
    }

    /// How many bytes the next `take` can have at most; 0 at the end of the stream, and when nothing is inside.
    public private(set) var nextCount = 0

    /// Takes out what comes next, or its first `most` bytes.
    public mutating func take(most: Int = .max) -> Piece {
        guard nextCount > most else {
            let parcel = parcels.removeFirst()
            framesMoved += UInt64(parcel.frames)
            bytesInside -= parcel.range.count
            return Piece(bytes: parcel.bytes, range: parcel.range, frames: parcel.frames)
        }
        let parcel = parcels[0]
        framesMoved += UInt64(parcel.frames)
        let cut = parcel.range.lowerBound + most
        parcels[0].range = cut..<parcel.range.upperBound
        parcels[0].isBegun = true
        parcels[0].frames = 0
        bytesInside -= most
        return Piece(bytes: parcel.bytes, range: parcel.range.lowerBound..<cut, frames: parcel.frames)
    }

    // MARK: Faults

    /// Lets a frame in ahead of those that are inside and of which nothing came out yet; behind all others when
    /// there are none.
    public mutating func overtake(with frame: [UInt8], at now: Instant) {
        guard let place = placeToOvertake else { return write(frame: frame, at: now) }
        _ = state.arrival(ofFrame: frame.count, at: now)
        bytesInside += frame.count
        framesAdmitted += 1
        parcels.insert(
            Parcel(bytes: frame, range: 0..<frame.count, due: parcels[place].due, frames: 1), at: place)
    }

    /// Is there a frame inside of which nothing came out yet?
    public var canBeOvertaken: Bool { placeToOvertake != nil }

    private var placeToOvertake: Int? {
        let place = parcels.first?.isBegun ?? false ? 1 : 0
        return isRead && place < parcels.count && parcels[place].frames > 0 ? place : nil
    }

    /// Carries an order out, as far as it concerns this way.
    public mutating func perform(_ order: LinkOrder, _ way: Way, at now: Instant) {
        switch order {
        case .reset:
            abandon()
            (isRead, isEnding, gate) = (true, true, Gate())
            putEnd(due: now)
        case .set(let model): state.model = model[way]
        case .cut, .mend, .hold, .release:
            gate.perform(order, way, at: now, retransmit: model.loss?.retransmit ?? Loss.usualRetransmit)
        }
    }

    /// Units of `bytes`, as the next `write` would cut them.
    public func units(of bytes: [UInt8]) -> [FrameWalk.Unit] {
        var walk = walk
        var units: [FrameWalk.Unit] = []
        while units.last?.end ?? 0 < bytes.count { units.append(walk.next(in: bytes.span, from: units.last?.end ?? 0)) }
        return units
    }

    // MARK: A look at the delays

    /// A frame's own delay: its sending, its travel and its losses, without its wait for those ahead.
    public struct Passage: Hashable, Sendable {
        /// The how manieth frame it is.
        public var ordinal: UInt64
        public var delay: Duration
    }

    /// Are passages kept for `takePassages`?
    public var keepsPassages = false

    /// The passages since the last look.
    public mutating func takePassages() -> [Passage] {
        defer { passages.removeAll(keepingCapacity: true) }
        return passages
    }

    // MARK: Parts

    private struct Parcel {
        var bytes: [UInt8]
        /// Empty at the end of the stream.
        var range: Range<Int>
        var due: Instant
        /// Frames that end in it, until the first of its bytes have come out.
        var frames: UInt32
        /// Did some of it come out already?
        var isBegun = false
    }

    private struct Write {
        var bytes: [UInt8]
        /// What was not let in yet begins here.
        var start = 0
        var isOneFrame = false
        var extra = Duration.zero
    }

    private var state: LinkState
    private var walk: FrameWalk
    private let buffer: Int
    private var parcels: Deque<Parcel> = [] {
        didSet { settleNext() }
    }
    private var bytesInside = 0
    private var framesAdmitted: UInt64 = 0
    private var rest: Deque<Write> = [] {
        didSet { isFull = !rest.isEmpty }
    }
    private var isRead = true
    private var isEnding = false
    private var hasEnd = false
    private var passages: [Passage] = []

    private mutating func write(_ write: Write, at now: Instant) {
        guard isRead, !isEnding, !write.bytes.isEmpty else { return }
        var write = write
        if rest.isEmpty { write.start = admit(write, at: now) }
        if write.start < write.bytes.count { rest.append(write) }
    }

    /// Lets in units of what was written while they fit; returns the index of the first that does not.
    private mutating func admit(_ write: Write, at now: Instant) -> Int {
        var start = write.start
        // Units that arrive together lie in one parcel.
        var (begin, due, frames) = (start, Instant.start, UInt32(0))
        while start < write.bytes.count {
            var walk = walk
            let unit =
                write.isOneFrame
                ? FrameWalk.Unit(end: write.bytes.count, isFrame: true) : walk.next(in: write.bytes.span, from: start)
            guard bytesInside == 0 || bytesInside + (unit.end - start) <= state.model.queue + buffer else { break }
            self.walk = walk
            let arrival = arrival(of: unit, unit.end - start, at: now, extra: write.extra)
            if begin < start, arrival != due {
                parcels.append(Parcel(bytes: write.bytes, range: begin..<start, due: due, frames: frames))
                (begin, frames) = (start, 0)
            }
            due = arrival
            if unit.isFrame { frames += 1 }
            bytesInside += unit.end - start
            start = unit.end
        }
        if begin < start { parcels.append(Parcel(bytes: write.bytes, range: begin..<start, due: due, frames: frames)) }
        return start
    }

    private mutating func arrival(of unit: FrameWalk.Unit, _ count: Int, at now: Instant, extra: Duration) -> Instant {
        guard unit.isFrame else { return state.arrival(ofGreeting: count, at: now) }
        let arrival = state.arrival(ofFrame: count, at: now, extra: extra)
        framesAdmitted += 1
        if keepsPassages { passages.append(Passage(ordinal: framesAdmitted, delay: state.latest)) }
        return arrival
    }

    private mutating func settleNext() {
        guard !parcels.isEmpty else { return (next, nextCount) = (nil, 0) }
        next = gate.exit(of: parcels[0].due)
        nextCount = parcels[0].range.count
    }

    private mutating func putEnd(due: Instant) {
        hasEnd = true
        parcels.append(Parcel(bytes: [], range: 0..<0, due: due, frames: 0))
    }
}
