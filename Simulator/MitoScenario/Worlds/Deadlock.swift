import MitoReport
import MitoTrace

/// Can nothing happen any more by itself, though somebody waits? Judged from the trace of a run that may go on.
func isDeadlocked(_ records: [TraceRecord]) -> Bool {
    Quiescence(Trace(records), isOver: false).verdict == .deadlock
}
