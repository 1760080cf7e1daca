import ArgumentParser
import MitoScenario

/// What a process says with its exit status, from the least grave to the gravest.
enum ExitStatus: Int32, CaseIterable {
    case passed = 0
    case inconclusive = 2
    case failed = 1
    case hang = 3
    case nondeterministic = 4
    case crashed = 5
    case environmentMissing = 69
    case usage = 64
    case badScenario = 65
    case interrupted = 130

    init(_ verdict: Verdict) { self = ExitStatus(rawValue: verdict.exitStatus) ?? .failed }

    /// What people call it.
    var word: String {
        switch self {
        case .passed: "passed"
        case .inconclusive: "inconclusive"
        case .failed: "failed"
        case .hang: "hang"
        case .nondeterministic: "nondeterministic"
        case .crashed: "crashed"
        case .environmentMissing: "environment missing"
        case .usage: "wrong usage"
        case .badScenario: "bad scenario"
        case .interrupted: "interrupted"
        }
    }

    /// Does it say something to list the expectations that were missed? Where a story could not take place, all were.
    var isAboutExpectations: Bool {
        switch self {
        case .passed, .inconclusive, .failed, .hang, .nondeterministic: true
        case .crashed, .environmentMissing, .usage, .badScenario, .interrupted: false
        }
    }

    /// The graver of two: what a run of many says in the end.
    func combined(with other: ExitStatus) -> ExitStatus {
        let order = Self.allCases
        return (order.firstIndex(of: self) ?? 0) >= (order.firstIndex(of: other) ?? 0) ? self : other
    }

    /// Ends the command with this status, unless all is well.
    func leave() throws {
        if self != .passed { throw ExitCode(rawValue) }
    }
}
