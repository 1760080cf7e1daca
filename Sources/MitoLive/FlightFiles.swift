import MitoCore
import MitoLinux
import MitoTrace

/// Where a live context leaves what its flight recorder holds.
///
/// Each recording is a new file of mode 0600, `mitoscope-flight.ID.PID.N.trace`; a file or a link that is there already
/// is never written to. Whoever asks by a signal always gets one: in `MITOSCOPE_FLIGHT`, else in `TMPDIR`, else in
/// `/tmp`. A context that sees a time-out leaves one by itself only where the variable or the program named a folder,
/// and not without end.
struct FlightFiles {
    /// Why a recording is left.
    enum Occasion: String {
        case signal, timeout = "time-out", grace
    }

    private let folder: String?
    private var count = 0
    private var unasked = 0

    init(folder: String?) { self.folder = folder }

    /// Leaves a recording. Returns the file; nil when none is due.
    mutating func leave(_ recording: FlightRecording, on occasion: Occasion) throws(SystemError) -> String? {
        if occasion != .signal {
            guard folder != nil, unasked < Self.unaskedMax else { return nil }
            unasked += 1
        }
        count += 1
        let name = "mitoscope-flight.\(recording.context).\(Machine.processID).\(count).trace"
        let path = "\(folder ?? Self.usualFolder)/\(name)"
        let file = try FileDescriptor.creating(path)
        var lines = recording.lines(world: "live", because: occasion.rawValue)
        // A write to a file is cut short only when there is no room for all of it.
        while !lines.isEmpty, case .bytes(let written) = try file.write(lines), written > 0 {
            lines.removeFirst(written)
        }
        return path
    }

    /// How many a context leaves by itself: the first ones tell most.
    private static let unaskedMax = 16

    private static var usualFolder: String { Machine.environmentVariable("TMPDIR") ?? "/tmp" }
}
