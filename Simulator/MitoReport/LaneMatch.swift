import MitoCore
import MitoTrace

/// Pairs what went into one direction of a link with what came out of it.
///
/// Links keep order, so as a rule the n-th out is the n-th in. Where a frame was lost, those behind it are found again
/// by what they say of themselves, and the gap shows which one it was.
struct LaneMatch {
    /// Positions of a frame going in and coming out.
    private(set) var pairs: [(out: Int, in: Int)] = []
    /// What never came out, though something that was sent later did.
    private(set) var skipped: [Int] = []
    /// What was sent after the last that came out.
    private(set) var tail: ArraySlice<Int> = []

    /// - Parameters:
    ///   - outs: positions of the frames that were sent, in order.
    ///   - ins: positions of those that arrived, in order.
    init(outs: [Int], ins: [Int], in records: [TraceRecord]) {
        var next = 0
        var late: [Int] = []
        for arrival in ins {
            guard let place = Self.place(of: arrival, among: outs, from: next, in: records) else {
                // One that was overtaken, perhaps; else it is not what was sent, or its sender writes no trace.
                guard let overtaken = late.firstIndex(where: { Self.isSame(outs[$0], arrival, in: records) }) else {
                    continue
                }
                pairs.append((outs[late.remove(at: overtaken)], arrival))
                continue
            }
            late += next..<place
            pairs.append((outs[place], arrival))
            next = place + 1
        }
        skipped = late.map { outs[$0] }
        tail = outs[next...]
    }

    private static func place(of arrival: Int, among outs: [Int], from next: Int, in records: [TraceRecord]) -> Int? {
        outs.indices.dropFirst(next).prefix(reach).first {
            outs[$0] < arrival && isSame(outs[$0], arrival, in: records)
        }
    }

    private static func isSame(_ out: Int, _ arrival: Int, in records: [TraceRecord]) -> Bool {
        let (sent, came) = (records[out].event, records[arrival].event)
        return out < arrival && sent.digest == came.digest && sent.length == came.length
            && sent.destination == came.destination && sent.source == came.source && sent.authority == came.authority
            && sent.handle == came.handle && sent.replyTo == came.replyTo
    }

    /// How many lost frames in a row are looked past: a trace that lies must not cost more.
    private static let reach = 1_000
}

/// One direction of a link.
struct LaneName: Hashable {
    var link: ContextID
    var upward: Bool

    init(_ event: Event) { (link, upward) = (event.link, event.upward) }
}
