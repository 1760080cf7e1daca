import MitoCore
import Testing

@testable import MitoScenario

/// A story that cannot fail teaches nothing: whatever a shipped one expects, the opposite must be noticed, and without
/// its fault it must not pass.
struct MutationTests {
    /// The stories in which nothing goes wrong, and nothing is forbidden.
    private static let harmless = ["Lessons/09-parallel-calls.yaml", "Lessons/10-one-after-another.yaml"]

    @Test(arguments: Shipped.files)
    func `the opposite of any expectation is noticed in the simulation`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        let run = SimWorld.run(scenario, seed: scenario.seed)
        for mutant in scenario.withOneExpectationInverted {
            #expect(Verdict(of: mutant.scenario, in: run).outcome != .passed, "\(mutant.what)")
        }
    }

    @Test(arguments: Shipped.liveFiles)
    func `the opposite of any expectation is noticed with real processes`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        let run = LiveWorld.run(scenario, seed: 1, Shipped.live)
        for mutant in scenario.withOneExpectationInverted {
            #expect(Verdict(of: mutant.scenario, in: run).outcome != .passed, "\(mutant.what)")
        }
    }

    @Test(arguments: Shipped.files)
    func `no shipped scenario passes in the simulation without its fault`(file: String) throws {
        let mutants = try Shipped.scenario(file).withoutOneFault
        #expect(mutants.isEmpty == Self.harmless.contains(file))
        for mutant in mutants {
            let verdict = Verdict(of: mutant.scenario, in: SimWorld.run(mutant.scenario, seed: 1))
            #expect(verdict.outcome != .passed, "\(mutant.what)")
        }
    }

    @Test(arguments: Shipped.liveFiles)
    func `no shipped scenario passes with real processes without its fault`(file: String) throws {
        for var mutant in try Shipped.scenario(file).withoutOneFault {
            // Who waits behind a link that nobody mends waits for as long as the story may last.
            mutant.scenario.limit = min(mutant.scenario.limit, .seconds(6))
            let verdict = Verdict(of: mutant.scenario, in: LiveWorld.run(mutant.scenario, seed: 1, Shipped.live))
            #expect(verdict.outcome != .passed, "\(mutant.what)")
        }
    }
}

/// A scenario with one thing changed, and what that is.
struct Mutant {
    var scenario: Scenario
    var what: String
}

extension Scenario {
    var withOneExpectationInverted: [Mutant] {
        expectations.indices.flatMap { line in
            expectations[line].checks.indices.map { place in
                var mutant = self
                mutant.expectations[line].checks[place] = opposite(of: expectations[line].checks[place])
                return Mutant(scenario: mutant, what: mutant.expectations[line].checks[place].sentence)
            }
        }
    }

    /// Without one kill or shutdown, without the time-out that a call is expected to run into, without one of its
    /// planted bugs, or without what keeps its contexts apart.
    var withoutOneFault: [Mutant] { treesWithoutOneFault + storiesWithoutOneFault }

    private var treesWithoutOneFault: [Mutant] {
        defects.indices.map { place in
            var mutant = self
            let defect = mutant.defects.remove(at: place)
            return Mutant(scenario: mutant, what: "no '\(defect.name)' in \(defect.context)")
        }
            + contexts.indices.filter { contexts[$0].isUnidirectional == true }.map { place in
                var mutant = self
                mutant.contexts[place].isUnidirectional = nil
                return Mutant(scenario: mutant, what: "\(contexts[place].name) passes everything on")
            }
    }

    private var storiesWithoutOneFault: [Mutant] {
        story.indices.compactMap { index in
            var mutant = self
            if var call = story[index].word as? CallWord {
                let isFault = expectations.flatMap(\.checks).contains {
                    ($0 as? FailsCheck)?.kind == .timeout && ($0 as? FailsCheck)?.name == story[index].name
                }
                guard isFault else { return nil }
                call.timeout = nil
                mutant.story[index].word = call
                return Mutant(scenario: mutant, what: "no time-out for \(story[index].name)")
            }
            let fault = mutant.story.remove(at: index)
            for later in mutant.story.indices {
                guard case .after(var awaited) = mutant.story[later].when.trigger else { continue }
                awaited.removeAll { $0.name == fault.name }
                mutant.story[later].when.trigger = awaited.isEmpty ? fault.when.trigger : .after(awaited)
            }
            return Mutant(scenario: mutant, what: "no '\(fault.word.sentence)'")
        }
    }
}

/// A check that holds only where the given one does not.
private func opposite(of check: any Check) -> any Check {
    switch check {
    case let check as ReturnsCheck: ReturnsCheck(name: check.name, value: "another value")
    case let check as FailsCheck: FailsCheck(name: check.name, kind: check.kind == .call ? .channel : .call)
    case let check as SayingCheck: SayingCheck(name: check.name, text: "words that nobody says")
    case let check as BeforeCheck: FailsCheck(name: check.name, kind: .timeout)
    case let check as WithinCheck:
        WithinCheck(
            name: check.name, limit: Duration(nanoseconds: -Verdict.liveSlack.nanoseconds - 1), origin: check.origin)
    case let check as TookCheck: TookCheck(name: check.name, range: .seconds(3600)...(.seconds(7200)))
    case let check as PathCheck: PathCheck(name: check.name, path: check.path.reversed())
    case let check as RoutesCheck: RoutesCheck(context: check.context, claim: check.claim.opposite)
    case let check as ContextsCheck:
        ContextsCheck(context: check.context, fate: check.fate == .alive ? .exited : .alive)
    case let check as OrderCheck: OrderCheck(names: check.names.reversed())
    case let check as MessagesCheck:
        MessagesCheck(pattern: check.pattern, count: check.count.upperBound + 1...check.count.upperBound + 1)
    case is OutcomeCheck: OutcomeCheck(waits: "nobody")
    default: Opposite(original: check)
    }
}

extension RoutesCheck.Claim {
    fileprivate var opposite: RoutesCheck.Claim {
        switch self {
        case .has(let target): .lacks(target)
        case .lacks(let target): .has(target)
        case .leads(let target, _): .leads(target, via: target)
        }
    }
}

private struct Opposite: Check {
    static let key = "not"
    var original: any Check
    var sentence: String { "not: \(original.sentence)" }

    func judge(_ scene: Scene) -> Judgement {
        original.judge(scene) == .holds ? .fails(original.sentence) : .holds
    }
}
