public import MitoCore
public import MitoReport

/// What came of a run: whether every expectation holds, and what the process should say with its exit status.
public struct Verdict: Sendable {
    public enum Outcome: String, Hashable, Sendable {
        case passed
        case failed
        /// Nobody can tell: the limit was reached, or only a time was missed on a real clock.
        case inconclusive
        case hang
        /// The run is not a function of its seed.
        case nondeterministic
        /// A context did not come up, and the story could not begin.
        case crashed
        /// The world cannot be had here.
        case environmentMissing = "environment-missing"
    }

    /// One expectation that does not hold.
    public struct Miss: Hashable, Sendable {
        public var position: SourcePosition
        /// What was expected.
        public var expected: String
        /// What was seen instead.
        public var seen: String
        /// Is the time the only thing that is wrong, on a clock that is not ours?
        public var isOnlyLate: Bool
    }

    public var outcome: Outcome
    public var misses: [Miss]
    /// Why the run did not come to rest; empty when it did.
    public var ending: String
    /// What a hang or a stall comes down to; nil when the run had neither.
    public var explanation: Explanation?

    /// How much later than said something may happen on a real clock.
    public static let liveSlack = Duration.seconds(1)

    /// Judges a run by the scenario's expectations.
    public init(of scenario: Scenario, in run: Run) {
        let chronicle = Chronicle(run)
        let outcomes = scenario.expectations.flatMap { $0.checks.compactMap { $0 as? OutcomeCheck } }
        explanation = Self.explanation(
            of: run, expectedTimeouts: scenario.expectedTimeouts, isLeakExpected: outcomes.contains { $0.kind == .leak }
        )
        let slack = run.world == .sim ? Duration.zero : Self.liveSlack
        var misses: [Miss] = []
        for expectation in scenario.expectations {
            let cut = chronicle.cut(at: expectation.moment)
            let scene = Scene(
                chronicle, upTo: cut ?? chronicle.end, slack: slack, explanation: explanation,
                isMomentary: expectation.moment.isMomentary)
            for check in expectation.checks {
                let judgement = cut == nil ? .fails("that moment never came") : check.judge(scene)
                guard let miss = Miss(judgement, of: check, at: expectation.position, in: run.world) else { continue }
                misses.append(miss)
            }
        }
        self.misses = misses
        let found = explanation?.verdict
        let isExpected = outcomes.contains { $0.kind.fits(found, run.ending) }
        (outcome, ending) = Self.outcome(of: run, misses, found, isExpected: isExpected)
    }

    /// What is left behind is `clean`'s to tell, unless the story says that something must be.
    private static func explanation(
        of run: Run, expectedTimeouts: [String], isLeakExpected: Bool
    ) -> Explanation? {
        switch run.ending {
        case .hung, .livelocked: return Telling.explanation(of: run.records)
        case .rested, .limitReached:
            let fault = Telling.fault(in: run.records, expectedTimeouts: expectedTimeouts)
            return fault?.verdict != .leaked || isLeakExpected ? fault : nil
        default: return nil
        }
    }

    private static func outcome(
        of run: Run, _ misses: [Miss], _ found: Quiescence.Verdict?, isExpected: Bool
    ) -> (Outcome, String) {
        let judged: Outcome = misses.isEmpty ? .passed : misses.allSatisfy(\.isOnlyLate) ? .inconclusive : .failed
        if isExpected { return (judged, "") }
        return switch run.ending {
        case .rested where found == .stalled:
            (.hang, "a caller was woken only by its own time-out, after its peer was provably lost")
        case .rested where found == .deadlock:
            (.hang, "the story is told, and somebody still waits")
        case .rested where found == .livelock, .limitReached where found == .livelock, .livelocked:
            (.hang, "the tree is busy without end, and nothing comes of it")
        case .rested: (judged, "")
        case .hung: (.hang, "nothing can happen any more, and somebody still waits")
        case .untold(let why): (.failed, why)
        case .limitReached: (.inconclusive, "the limit was reached before the story came to rest")
        case .interrupted: (.inconclusive, "interrupted")
        case .escaped(let what): (.nondeterministic, what)
        case .failedToStart(let why): (.crashed, why)
        case .environmentMissing(let why): (.environmentMissing, why)
        }
    }

    /// The status that a process which ran nothing else should end with.
    public var exitStatus: Int32 {
        switch outcome {
        case .passed: 0
        case .failed: 1
        case .inconclusive: 2
        case .hang: 3
        case .nondeterministic: 4
        case .crashed: 5
        case .environmentMissing: 69
        }
    }
}

extension Scenario {
    /// The calls that the story means to time out.
    fileprivate var expectedTimeouts: [String] {
        expectations.flatMap(\.checks).compactMap { $0 as? FailsCheck }.filter { $0.kind == .timeout }.map(\.name)
    }
}

extension Expectation.Moment {
    /// Does nothing count that comes later?
    fileprivate var isMomentary: Bool {
        if case .line = self { true } else { false }
    }
}

extension Verdict.Miss {
    fileprivate init?(_ judgement: Judgement, of check: any Check, at position: SourcePosition, in world: WorldKind) {
        switch judgement {
        case .holds: return nil
        case .fails(let seen): self.init(position: position, expected: check.sentence, seen: seen, isOnlyLate: false)
        case .late(let seen):
            self.init(position: position, expected: check.sentence, seen: seen, isOnlyLate: world != .sim)
        }
    }
}
