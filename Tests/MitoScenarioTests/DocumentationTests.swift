import Foundation
import MitoCore
import MitoLive
import Mitoscope
import Testing

@testable import MitoScenario

/// What people read about the language is all of it, and right.
struct DocumentationTests {
    private let page: String

    init() throws { page = try Shipped.text("README.md") }

    /// All that could be a name.
    private var words: Set<Substring> {
        Set(page.split { !($0 == "-" || ("a"..."z").contains($0)) })
    }

    @Test func `every word, key, kind and function stands in it`() {
        let lines = storyWords.flatMap { [$0.subject] + $0.options } + ScenarioReader.lineKeys
        let checks = treeChecks.map { $0.subject } + callChecks.map { $0.subject }
        let keys = ScenarioReader.keys + lines + checks + ContextPlan.keys + MessagePattern.keysOfOne + LinkWords.keys
        let functions = (BuiltInFunctions.all + HostFunctions.all).map(\.name)
            .filter { !["collect", "collected"].contains($0) }
        let others = MessagePattern.Kind.allCases.map(\.rawValue) + OutcomeCheck.Kind.allCases.map(\.rawValue)
        let told = words
        for name in keys.names + functions + others + Fate.allCases.map(\.rawValue) {
            #expect(told.contains(name[...]), "\(name)")
        }
    }

    @Test func `every whole scenario in it is one`() throws {
        let blocks = page.components(separatedBy: "```").filter { $0.hasPrefix("yaml\n") }.map { $0.dropFirst(5) }
        #expect(blocks.count == 2)
        for block in blocks { #expect(errors(in: String(block)).isEmpty, "\(errors(in: String(block)))") }
    }

    @Test func `its first example passes`() throws {
        let block = try #require(page.components(separatedBy: "```").first { $0.hasPrefix("yaml\n") })
        let scenario = try Fixtures.scenario(String(block.dropFirst(5)))
        for verdict in verdicts(scenario) { #expect(verdict.outcome == .passed) }
    }
}
