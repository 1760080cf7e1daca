import MitoCore
import MitoTrace

/// By how much the times of each file are shifted, so that no frame arrives before it was sent.
///
/// Clocks of one host agree and stay as they are. Two hosts count from different moments: then, as far as frames of
/// both directions tell, the quickest ones took equally long there and back.
struct ClockShifts {
    private(set) var notes: [String] = []
    private var shifts: [Duration]

    subscript(lane: Int) -> Duration { shifts[lane] }

    init(_ parts: MergeParts) {
        shifts = Array(repeating: .zero, count: parts.lanes.count)
        let quickest = Self.quickest(parts)
        var neighbours: [Int: Set<Int>] = [:]
        for pair in quickest.keys {
            neighbours[pair.from, default: []].insert(pair.to)
            neighbours[pair.to, default: []].insert(pair.from)
        }
        // The root's clock is the one to go by.
        let root = parts.lanes.firstIndex { $0.contains { $0.context == .master } } ?? 0
        var reached: Set<Int> = []
        for start in [root] + Array(parts.lanes.indices) where reached.insert(start).inserted {
            var queue = [start]
            while let lane = queue.popLast() {
                for other in (neighbours[lane] ?? []).sorted() where reached.insert(other).inserted {
                    let out = quickest[Pair(from: lane, to: other)]
                    let back = quickest[Pair(from: other, to: lane)]
                    // A clock stays as it is where that contradicts no frame, whatever its neighbour needs.
                    let isPlausible =
                        (out.map { $0 + Self.grain >= shifts[lane] } ?? true)
                        && (back.map { $0 + shifts[lane] + Self.grain >= .zero } ?? true)
                    shifts[other] = isPlausible ? .zero : shifts[lane] + Self.shift(out, back)
                    queue.append(other)
                }
            }
        }
        for (lane, shift) in shifts.enumerated() where shift != .zero {
            let ahead = shift < .zero
            let amount = Duration(nanoseconds: Int64(clamping: shift.nanoseconds.magnitude))
            notes.append(
                "\(parts.names[lane]): its clock was \(ahead ? "ahead" : "behind") by \(amount), as frames show")
        }
    }

    /// What a context notes is dated by the turn that it belongs to. So a frame may seem to arrive before it was sent,
    /// by no more than a turn takes; longer turns are complained of.
    private static let grain = Duration.milliseconds(50)

    private struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    /// The least time that a frame seemed to take from one file to another.
    private static func quickest(_ parts: MergeParts) -> [Pair: Duration] {
        var quickest: [Pair: Duration] = [:]
        for (frame, out) in parts.outs {
            guard let arrival = parts.ins[frame], arrival.lane != out.lane else { continue }
            let pair = Pair(from: out.lane, to: arrival.lane)
            let took = parts[arrival].event.at - parts[out].event.at
            quickest[pair] = min(quickest[pair] ?? took, took)
        }
        return quickest
    }

    /// What to add on the other side, when frames there seemed to take `out`, and `back` on their way here.
    private static func shift(_ out: Duration?, _ back: Duration?) -> Duration {
        if out ?? .zero >= .zero, back ?? .zero >= .zero { return .zero }
        guard let out, let back else { return out.map { .zero - $0 } ?? back ?? .zero }
        return Duration(nanoseconds: back.nanoseconds / 2 - out.nanoseconds / 2)
    }
}

extension Duration {
    fileprivate static func - (a: Duration, b: Duration) -> Duration {
        (Instant.start + a) - (Instant.start + b)
    }
}
