import MitoReport
import MitoTrace

/// What the trace of a run that may go on says about whether it does. Only asked when nothing was heard for a while.
enum Stillness {
    /// Can nothing happen any more by itself, though somebody waits?
    static func isDeadlock(in records: [TraceRecord]) -> Bool {
        Quiescence(Trace(records), isOver: false).verdict == .deadlock
    }

    /// Was something sent that has not come in?
    static func isAnythingUnderway(in records: [TraceRecord]) -> Bool {
        !Quiescence(Trace(records), isOver: false).underway.isEmpty
    }
}
