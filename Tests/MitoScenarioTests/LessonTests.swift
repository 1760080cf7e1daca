import Foundation
import Testing

@testable import MitoScenario

/// The scenarios that are shipped, each told in the worlds that it names.
struct LessonTests {
    @Test(arguments: Shipped.files)
    func `a shipped scenario passes in the simulation`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        let run = SimWorld.run(scenario, seed: scenario.seed)
        let verdict = Verdict(of: scenario, in: run)
        #expect(verdict.outcome == .passed, "\(verdict.misses) \(verdict.ending)")
    }

    @Test(arguments: Shipped.files)
    func `a shipped scenario passes with any seed`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        for seed in 2...6 as ClosedRange<UInt64> {
            let verdict = Verdict(of: scenario, in: SimWorld.run(scenario, seed: seed))
            #expect(verdict.outcome == .passed, "seed \(seed): \(verdict.misses) \(verdict.ending)")
        }
    }

    @Test(arguments: Shipped.files)
    func `what a person is told of a shipped scenario stands beside it`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        let told = ScenarioTranscript(of: scenario, in: SimWorld.run(scenario, seed: scenario.seed)).text
        let kept = try Shipped.text(file.replacing(".yaml", with: ".transcript"))
        #expect(told == kept, "`mitoscope run --update Scenarios` writes the transcripts anew")
    }

    @Test(arguments: Shipped.files)
    func `a seed gives one run`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        #expect(SimWorld.run(scenario, seed: 9).records == SimWorld.run(scenario, seed: 9).records)
    }
}

/// The same files with real processes.
struct LiveLessonTests {
    @Test(arguments: Shipped.liveFiles)
    func `a shipped scenario for the live world passes there`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        let verdict = Verdict(of: scenario, in: LiveWorld.run(scenario, seed: 1, Shipped.live))
        #expect(verdict.outcome == .passed, "\(verdict.misses) \(verdict.ending)")
    }

    @Test func `what only the simulator tells is on a list, each with its reason`() {
        let reasons = [
            "Faults/06-lost-reply.yaml": "a stream loses no frame",
            "Hangs/planted/call-kept-at-the-end.yaml": "a process takes its calls with it",
            "Hangs/planted/del-route-swallowed-with-time-out.yaml": "it would wait for half a minute",
            "Hangs/planted/orphan.yaml": "the system ends a process whose parent is gone",
            "Lessons/16-forged-message.yaml": "a process of ours speaks in its own name",
            "Regressions/own-name-from-above.yaml": "a process of ours speaks in its own name",
        ]
        #expect(Set(Shipped.files).subtracting(Shipped.liveFiles) == Set(reasons.keys))
        for file in reasons.keys {
            let text = try? Shipped.text(file)
            #expect(text?.contains(/\n# [^\n]+\nworlds: \[sim\]/) == true, "\(file) does not say why")
        }
    }
}

/// The files under Scenarios.
enum Shipped {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = root.appending(path: "Scenarios")

    /// The context program that is built with the tests.
    static let live = LiveWorld.Settings(
        image: ProcessInfo.processInfo.environment["MITOSCOPE_AGENT"]
            ?? root.appending(path: ".build/debug/mito-agent").path)

    /// Paths below the folder, sorted.
    static let files: [String] =
        (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    static let liveFiles = files.filter { (try? scenario($0))?.worlds.contains(.live) ?? false }

    static func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    static func scenario(_ file: String) throws -> Scenario { try Fixtures.scenario(text(file)) }
}
