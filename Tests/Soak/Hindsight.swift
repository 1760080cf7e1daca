import MitoCore
import MitoReport
import MitoSimulator
import MitoTrace

/// Keeps the trace of a run and asks the explainer, when all is at rest, why somebody waits.
///
/// Functions that never end are part of every plan; anything else that keeps a call waiting is a bug.
final class Hindsight {
    private(set) var records: [TraceRecord] = []

    func outcome(of plan: SoakPlan) -> SoakRun.Outcome {
        SoakRun.outcome(
            of: plan, onRecord: { [unowned self] in records.append($0) },
            atRest: { [unowned self] in judge(mayLose: plan.hasFrameFaults) })
    }

    /// - Parameter mayLose: does something happen to frames that no stream does? Then messages may be lost, and whoever
    ///   waits for one must be known to.
    private static let lost: [Explanation.Cause] = [
        .requestLost, .replyLost, .noticeLost, .requestDropped, .replyDropped, .noticeDropped,
    ]

    private func judge(mayLose: Bool) -> [Violation] {
        let trace = Trace(records)
        return Explainer(trace).waits.filter { wait in
            !wait.because.isOfTheProgram && !(mayLose && Self.lost.contains(wait.because))
        }.map { wait in
            let call = wait.call
            let started = records[call.started]
            return Violation(
                .waitsAreExplained, in: call.caller, record: started.index, at: started.event.at,
                "the call of \(call.function) in \(call.callee): \(wait.because.rawValue) at \(wait.place)")
        }
    }
}
