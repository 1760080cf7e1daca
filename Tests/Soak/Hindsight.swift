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
            of: plan, onRecord: { [unowned self] in records.append($0) }, atRest: { [unowned self] in judge() })
    }

    private func judge() -> [Violation] {
        let trace = Trace(records)
        return Explainer(trace).waits.filter { !$0.because.isOfTheProgram }.map { wait in
            let call = wait.call
            let started = records[call.started]
            return Violation(
                .waitsAreExplained, in: call.caller, record: started.index, at: started.event.at,
                "the call of \(call.function) in \(call.callee): \(wait.because.rawValue) at \(wait.place)")
        }
    }
}
