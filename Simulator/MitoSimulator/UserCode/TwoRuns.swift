public import MitoCore
public import MitoLinks
import MitoTrace
public import Mitoscope
import Synchronization

/// Runs a program twice with one seed, and throws an `Escape` that says where the runs part, should they: something
/// then depends on what the seed does not decide, such as the order of a `Set` or an address.
///
/// ```swift
/// let run = try withSimulatedRouterTwice(seed: 7, functions: image, program)
/// ```
/// What differs only from process to process, as hash seeds do, is found by comparing hashes of two processes.
///
/// The parameters are those of `withSimulatedRouter`.
public func withSimulatedRouterTwice<Result: Sendable>(
    seed: UInt64, functions: [any ImageFunction], configuration: Node.Configuration = .traced,
    limits: SimulationLimits = SimulationLimits(), faults: [PlannedFault] = [],
    link: @escaping @Sendable (LaunchPlan) -> LinkModel = { _ in LinkModel(delay: .constant(.milliseconds(1))) },
    _ body: @escaping @Sendable (Router) async throws -> Result
) throws -> SimulatedRun<Result> {
    let comparison = Comparison()
    let first = try withSimulatedRouter(
        seed: seed, functions: functions, configuration: configuration, limits: limits, faults: faults,
        onRecord: { comparison.expect($0) }, link: link, body)
    let second: SimulatedRun<Result>
    do {
        second = try withSimulatedRouter(
            seed: seed, functions: functions, configuration: configuration, limits: limits, faults: faults,
            onRecord: { comparison.compare($0) }, link: link, body)
    } catch {
        throw comparison.difference ?? error
    }
    if let difference = comparison.difference(unless: first.hash == second.hash) { throw difference }
    return first
}

/// The trace of one run, and where another parts from it.
private final class Comparison: Sendable {
    private struct State {
        var expected: [TraceRecord] = []
        var compared = 0
        var difference: Escape?
    }

    private let state = Mutex(State())

    func expect(_ record: TraceRecord) { state.withLock { $0.expected.append(record) } }

    func compare(_ record: TraceRecord) {
        state.withLock { state in
            defer { state.compared += 1 }
            guard state.difference == nil else { return }
            let other = state.compared < state.expected.count ? state.expected[state.compared] : nil
            if other != record { state.difference = Escape(other, record) }
        }
    }

    var difference: Escape? { state.withLock { $0.difference } }

    /// Where the runs part, if they do, now that both are over.
    func difference(unless isEqual: Bool) -> Escape? {
        state.withLock { state in
            if let difference = state.difference { return difference }
            if state.compared < state.expected.count { return Escape(state.expected[state.compared], nil) }
            guard !isEqual else { return nil }
            let note = Escape.Note(
                kind: .twoRuns, what: "user code ran in another order, or asked for other chance, the second time",
                function: nil)
            return Escape(note, at: state.expected.last?.event.at ?? .start)
        }
    }
}

extension Escape {
    /// The first records in which two runs differ; nil for a run that was over.
    fileprivate init(_ first: TraceRecord?, _ second: TraceRecord?) {
        func said(_ record: TraceRecord?) -> String {
            guard let record else { return "nothing" }
            let event = record.event
            return "\(event.kind.word) \(event.text)\(event.text.isEmpty ? "" : " ")in \(record.context)"
        }
        let index = first?.index ?? second?.index ?? 0
        let note = Note(
            kind: .twoRuns, what: "record \(index) is \(said(first)) the first time, and \(said(second)) the second",
            function: nil)
        self.init(note, at: first?.event.at ?? second?.event.at ?? .start)
    }
}
