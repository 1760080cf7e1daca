import Dispatch
import MitoCore
import Mitoscope
import Testing

@testable import MitoScenario

/// Stories in which contexts run code of a program's own, under names that the language knows.
@Suite struct OwnFunctionTests {
    @Test func `a story calls functions that suspend and functions that block`() throws {
        let nap = RemoteFunction("echo") { (_: CallContext, seconds: Int) async throws -> Int in
            try await Task.sleep(for: .seconds(seconds))
            return seconds
        }
        let wait = RemoteFunction("return") { (seconds: Int) in
            Parkers.current.park(timeout: .seconds(Int64(seconds)))
            return seconds
        }
        let scenario = try Fixtures.scenario(
            story: """
                [ { call: db.echo, args: [5], as: x, timeout: 10s },
                  { call: web.return, args: [60], as: y, timeout: 100s } ]
                """,
            expect: "[ { x: { returns: 5 } }, { y: { returns: 60, took: 60s..61s } }, { clean: all } ]")
        let verdict = Verdict(of: scenario, in: SimWorld.run(scenario, seed: 1, functions: [nap, wait]))
        #expect(verdict.outcome == .passed, "\(verdict)")
    }

    @Test func `a function that leaves the simulation makes the run worth nothing`() throws {
        let escape = RemoteFunction("echo", .inline) { () -> Void in DispatchQueue.global().async {} }
        let scenario = try Fixtures.scenario(story: "[ { call: db.echo, as: x, timeout: 10s } ]")
        let verdict = Verdict(of: scenario, in: SimWorld.run(scenario, seed: 1, functions: [escape]))
        #expect(verdict.outcome == .nondeterministic)
        #expect(verdict.exitStatus == 4)
        #expect(verdict.ending.contains("echo: work was given to a dispatch queue"))
    }
}
