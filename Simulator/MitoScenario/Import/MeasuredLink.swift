import MitoCore
import MitoReport
import MitoTrace

/// How long frames were under way on one link of a recorded run, in each direction.
///
/// The story gives the link the median, which a few late frames do not move. Where clocks of two hosts disagreed, a
/// merged trace has set them right as well as frames can tell.
struct MeasuredLink: Sendable {
    let up: Duration?
    let down: Duration?

    /// Nil where no frame was seen at both ends.
    init?(of lower: ContextID, in trace: Trace) {
        up = Self.median(lower, upward: true, trace)
        down = Self.median(lower, upward: false, trace)
        if up == nil, down == nil { return nil }
    }

    /// `{ delay: 120us, up: { delay: 95us } }`; nil when there was no delay that could be measured.
    var item: FlowItem? {
        let (down, up) = (down ?? up ?? .zero, up ?? down ?? .zero)
        if down == .zero, up == .zero { return nil }
        var fields = [("delay", FlowItem.word("\(down)"))]
        if up != down { fields.append(("up", .map([("delay", .word("\(up)"))]))) }
        return .map(fields)
    }

    private static func median(_ lower: ContextID, upward: Bool, _ trace: Trace) -> Duration? {
        var delays: [Duration] = []
        var ordinal: UInt64 = 1
        while true {
            let passage = trace.passage(FrameName(link: lower, upward: upward, ordinal: ordinal))
            guard passage.out != nil || passage.in != nil else { break }
            if let out = passage.out, let arrival = passage.in {
                delays.append(max(.zero, trace.records[arrival].event.at - trace.records[out].event.at))
            }
            ordinal += 1
        }
        guard !delays.isEmpty else { return nil }
        return delays.sorted()[delays.count / 2].roundedToMicroseconds
    }
}

extension Duration {
    /// Shorter than a microsecond no story can tell times apart.
    var roundedToMicroseconds: Duration { .microseconds(nanoseconds / 1_000) }
}
