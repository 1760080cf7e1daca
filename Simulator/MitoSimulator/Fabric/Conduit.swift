import DequeModule
import MitoCore
import MitoLinks

/// One direction of a simulated link: what was sent and has not come out yet, in order.
///
/// Bytes come out cut at points that the seed draws, since a stream keeps no message's edges.
struct Conduit {
    /// Where it ends.
    let host: HostIndex
    let link: LinkID

    init(to host: HostIndex, _ link: LinkID, state: LinkState, cuts: Random, preface: FrameWalk.Preface) {
        self.host = host
        self.link = link
        self.state = state
        self.cuts = cuts
        walk = FrameWalk(before: preface)
    }

    /// When the first of what is inside comes out.
    var next: Instant? { parcels.first?.due }
    /// When the last of what is inside comes out.
    var last: Instant? { parcels.last?.due }
    /// Frames that have come out whole.
    var framesMoved: UInt64 { walk.frames }

    /// Sends bytes. Returns whether the conduit was empty, so that somebody must now be woken for it.
    mutating func send(_ bytes: [UInt8], at now: Instant) -> Bool {
        put(Parcel(bytes: bytes, due: state.arrival(of: bytes.count, at: now), isEnd: false))
    }

    /// Sends the end of the stream.
    mutating func end(at now: Instant) -> Bool {
        put(Parcel(bytes: [], due: state.arrival(of: 0, at: now), isEnd: true))
    }

    /// What comes out at once.
    struct Piece {
        var bytes: [UInt8]
        /// Which of the bytes come out now; empty at the end of the stream.
        var range: Range<Int>
        var isEnd = false
        /// Do no others of these bytes follow?
        var isLast: Bool { range.upperBound == bytes.count }
    }

    /// Takes out what comes next: some bytes, at most those that were sent at once, or the end.
    mutating func take() -> Piece {
        let parcel = parcels.removeFirst()
        guard !parcel.isEnd else { return Piece(bytes: [], range: 0..<0, isEnd: true) }
        var range = taken..<parcel.bytes.count
        if cuts.chance(Self.cutChance) {
            range = taken..<taken + 1 + Int(cuts.below(UInt64(range.count)))
        }
        walk.passed(parcel.bytes.span.extracting(range))
        let piece = Piece(bytes: parcel.bytes, range: range)
        if piece.isLast {
            taken = 0
        } else {
            taken = range.upperBound
            parcels.prepend(parcel)
        }
        return piece
    }

    /// Nobody reads any more: what is inside, and what is still sent, is lost.
    mutating func abandon() {
        isRead = false
        parcels.removeAll()
        taken = 0
    }

    // MARK: Parts

    private struct Parcel {
        /// Never empty, unless this is the end.
        var bytes: [UInt8]
        var due: Instant
        var isEnd: Bool
    }

    private var state: LinkState
    private var cuts: Random
    private var walk: FrameWalk
    private var parcels: Deque<Parcel> = []
    /// Bytes of the first parcel that came out already.
    private var taken = 0
    private var isRead = true

    private static let cutChance = Ratio(1, 8)

    private mutating func put(_ parcel: Parcel) -> Bool {
        guard isRead else { return false }
        parcels.append(parcel)
        return parcels.count == 1
    }
}
