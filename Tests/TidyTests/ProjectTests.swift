import Foundation
import Testing

/// Every rule, over every file of the project.
@Suite struct ProjectTests {
    @Test(arguments: Rule.all)
    func `the project keeps its rules`(rule: Rule) {
        let findings = rule.findings(Project.files)
        #expect(findings.isEmpty, "\(rule.sentence):\n\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test func `the files of the project are found`() {
        #expect(Project.files.contains { $0.path == "Sources/MitoCore/Node.swift" && $0.module == "MitoCore" })
        #expect(Project.files.contains { $0.path == "Tests/TidyTests/ProjectTests.swift" })
        #expect(!Project.files.contains { $0.path.contains(".build/") })
    }
}
