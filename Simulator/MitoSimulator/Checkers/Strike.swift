import MitoCore
import MitoTrace

/// What a frame fault did to a frame, as the trace tells it behind the sending.
enum FrameStrike: String {
    case drop = "frame dropped"
    case duplicate = "frame duplicated"
    case overtake = "frame overtakes"
    case corrupt = "frame corrupted"
}

extension TraceRecord {
    /// What this record says was done to the frame that it names; nil where it is about something else, or a delay.
    var strike: FrameStrike? {
        guard event.kind == .command, event.step == 0, event.ordinal != 0 else { return nil }
        return FrameStrike(rawValue: event.text)
    }
}
