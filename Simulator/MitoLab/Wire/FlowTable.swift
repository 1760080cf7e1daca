/// The TCP connections that cross the wire, as far as a reset must know them: which numbers their ends expect.
///
/// It has room for 16,384 and never grows. Where it is full, the connection that said nothing for longest is forgotten:
/// a reset then passes it by.
struct FlowTable {
    private var flows = [Flow?](repeating: nil, count: FlowTable.rows * FlowTable.width)
    private var clock: UInt32 = 0

    private static let rows = 4096
    private static let width = 4

    /// Takes note of a segment.
    ///
    /// - Returns: the link by whose reset the segment's connection ended, if it did.
    mutating func note(_ segment: Datagram.Segment, of datagram: Datagram, from source: Int, to target: Int) -> Int? {
        let sender = ResetSegment.End(address: datagram.source, port: segment.sourcePort)
        let receiver = ResetSegment.End(address: datagram.target, port: segment.targetPort)
        let isFirst = sender < receiver
        let (first, second) = isFirst ? (sender, receiver) : (receiver, sender)
        let place = place(of: first, second)
        clock &+= 1
        if flows[place] == nil || flows[place]!.first.end != first || flows[place]!.second.end != second
            || segment.isOpening
        {
            let hosts = isFirst ? (source, target) : (target, source)
            flows[place] = Flow(
                first: Flow.Side(end: first, host: Int32(hosts.0)),
                second: Flow.Side(end: second, host: Int32(hosts.1)),
                used: clock)
        }
        flows[place]!.used = clock
        if let link = flows[place]!.brokenBy { return Int(link) }
        if segment.isReset {
            flows[place] = nil
        } else if isFirst {
            flows[place]!.first.said(segment)
        } else {
            flows[place]!.second.said(segment)
        }
        return nil
    }

    /// Ends the connections between hosts of which `crosses` is true.
    ///
    /// - Returns: what tells their ends, for each the host that it is for and the one it seems to come from.
    mutating func breakFlows(
        by link: Int, where crosses: (Int, Int) -> Bool
    ) -> [(segment: ResetSegment, host: Int, from: Int)] {
        var segments: [(segment: ResetSegment, host: Int, from: Int)] = []
        for place in flows.indices {
            guard let flow = flows[place], flow.brokenBy == nil, crosses(Int(flow.first.host), Int(flow.second.host))
            else { continue }
            flows[place]!.brokenBy = Int32(link)
            for (side, other) in [(flow.first, flow.second), (flow.second, flow.first)] {
                segments += side.ending(from: other).map { ($0, Int(side.host), Int(other.host)) }
            }
        }
        return segments
    }

    /// Where the connection is, or may be put: in its row, at its own place, at a free one, or at the oldest.
    private func place(of first: ResetSegment.End, _ second: ResetSegment.End) -> Int {
        let row = first.mixed(with: second) % Self.rows * Self.width
        var best = row
        for place in row..<row + Self.width {
            guard let flow = flows[place] else {
                best = place
                continue
            }
            if flow.first.end == first, flow.second.end == second { return place }
            if let oldest = flows[best], clock &- flow.used > clock &- oldest.used { best = place }
        }
        return best
    }
}

/// One connection.
private struct Flow {
    var first: Side
    var second: Side
    /// When it was used last.
    var used: UInt32
    var brokenBy: Int32?

    /// One of its ends.
    struct Side {
        var end: ResetSegment.End
        var host: Int32
        /// The number after the last one that it sent.
        var sent: UInt32?
        /// The number that it said it waits for.
        var expected: UInt32?

        mutating func said(_ segment: Datagram.Segment) {
            sent = later(sent, segment.end)
            if let acknowledged = segment.acknowledged { expected = later(expected, acknowledged) }
        }

        /// What ends it for this side. It believes the number that it expects and no other, and it may have got more
        /// than it said: so there are two where both may be.
        func ending(from other: Side) -> [ResetSegment] {
            var numbers = [expected, other.sent].compactMap { $0 }
            if numbers.count == 2, numbers[0] == numbers[1] { numbers.removeLast() }
            if numbers.isEmpty { numbers = [0] }
            return numbers.map {
                ResetSegment(source: other.end, target: end, sequence: $0, acknowledged: sent)
            }
        }
    }
}

/// The later of two numbers that count on from the greatest to 0.
private func later(_ a: UInt32?, _ b: UInt32) -> UInt32 {
    guard let a else { return b }
    return Int32(bitPattern: b &- a) > 0 ? b : a
}

extension ResetSegment.End: Comparable {
    static func < (a: Self, b: Self) -> Bool { (a.address.number, a.port) < (b.address.number, b.port) }

    /// Any number that the two ends decide.
    fileprivate func mixed(with other: Self) -> Int {
        var mix = UInt64(address.number) << 32 | UInt64(other.address.number)
        mix = (mix ^ mix >> 32) &* 0x9E37_79B9_7F4A_7C15
        mix ^= UInt64(port) << 16 | UInt64(other.port)
        mix = mix &* 0xBF58_476D_1CE4_E5B9
        return Int(mix >> 40)
    }
}
