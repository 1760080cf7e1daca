import MitoCore
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

/// Each bug that can be planted in a context is found by the checkers.
@Suite(.enabled(if: !Node.defects.isEmpty, "built without the trait PlantedDefects"))
struct PlantedDefectTests {
    struct Leak: Sendable, CustomTestStringConvertible {
        var defect: String
        var context: String
        var invariant: Invariant
        var words: String

        var testDescription: String { defect }
    }

    private static let leaks = [
        Leak(
            defect: "swallow-del-route", context: "bastion", invariant: .routesConverge,
            words: "it has a route to 1002, which is gone"),
        Leak(
            defect: "keep-handle", context: "web", invariant: .nothingLeftBehind,
            words: "has ended, and the handle is still open"),
        Leak(
            defect: "keep-timer", context: "web", invariant: .nothingLeftBehind,
            words: "has ended, and its deadline is still set"),
        Leak(
            defect: "keep-waiter", context: "web", invariant: .nothingLeftBehind,
            words: "waits for 1002, of which it knows that it is gone"),
        Leak(
            defect: "keep-route", context: "bastion", invariant: .routesConverge,
            words: "it has a route to 1002, which is gone"),
        Leak(
            defect: "keep-egress", context: "rack", invariant: .nothingLeftBehind,
            words: "the egress set of link 1003 still has 1002"),
        Leak(
            defect: "keep-chain", context: "web", invariant: .nothingLeftBehind,
            words: "a failed chain of 1002, which is gone, is still there"),
    ]

    @Test(arguments: leaks)
    func `a planted leak is caught`(leak: Leak) throws {
        let found = Self.violations(with: [leak.context: leak.defect]).filter { $0.invariant == leak.invariant }
        let first = try #require(found.first)
        #expect(first.what.contains(leak.words), "\(first)")
    }

    @Test func `nothing is found where nothing is planted`() {
        #expect(Self.violations(with: [:]) == [])
    }

    /// What belongs to calls and to a context is opened, and must be gone when they are.
    private static func violations(with defects: [String: String]) -> [Violation] {
        let grove = Grove(defects: defects, configuration: .open)
        let chain = grove.growChain(["bastion", "rack", "db"])
        let web = grove.grow("web", via: chain[1])
        grove.call("echo", on: chain[2], [1], from: web, timeout: .seconds(100))
        var chained = CallRequest("fail", on: web, ["as it should"])
        chained.chain = "a chain of db's"
        grove.simulation.withAgent(chain[2]) { [chained] in _ = $0.node.call(chained, at: $1) }
        grove.begin("hang", on: chain[2], from: web)
        grove.run(for: .seconds(1))
        grove.simulation.kill(chain[2])
        grove.run(for: .seconds(1))
        var checkers = Checkers()
        for record in grove.records { checkers.observe(record) }
        checkers.rested()
        for context in grove.simulation.contexts {
            if let agent = grove.simulation.agent(context) { checkers.audit(agent.node.holdings, of: context) }
        }
        return checkers.finish()
    }
}
