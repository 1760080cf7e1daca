import Foundation
import Testing

/// A run is a pure function of its scenario and its seed, in any process and however the program was built.
///
/// `make test` builds the command line twice and names both programs in the environment. Hash seeds are left random,
/// so that an order that leaks out of a Dictionary or Set shows as a difference between processes.
@Suite(.enabled(if: programs.count == 2, "MITOSCOPE_DEBUG and MITOSCOPE_RELEASE name no programs"))
struct ReplayTests {
    private static let processesPerProgram = 10

    @Test(arguments: stories)
    func `one seed, one trace`(story: String) throws {
        var hashes: [String] = []
        for program in programs {
            for _ in 0..<Self.processesPerProgram { hashes.append(try hash(of: story, seed: 7, by: program)) }
        }
        let first = try #require(hashes.first)
        #expect(first.contains(/[0-9a-f]{16}/))
        #expect(hashes.allSatisfy { $0 == first }, "\(hashes)")
    }

    @Test func `another seed is another trace`() throws {
        let program = try #require(programs.last)
        let story = try #require(stories.last)
        let hashes = try (1...5).map { try hash(of: story, seed: $0, by: program) }
        #expect(Set(hashes).count > 1, "\(hashes)")
    }
}

/// The command line, built for debugging and for release.
private let programs: [URL] = ["MITOSCOPE_DEBUG", "MITOSCOPE_RELEASE"].compactMap { name in
    guard let path = ProcessInfo.processInfo.environment[name], FileManager.default.isExecutableFile(atPath: path)
    else { return nil }
    return URL(filePath: path)
}

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Every scenario that is shipped, and one in which many things wait and end at once.
private let stories: [String] = shipped + ["Tests/DeterminismTests/Resources/crowd.yaml"]

private let shipped: [String] =
    (FileManager.default.enumerator(atPath: root.appending(path: "Scenarios").path)?.compactMap { $0 as? String } ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted().map { "Scenarios/\($0)" }

/// What `program` prints as the hash of the whole trace, from a process of its own.
private func hash(of story: String, seed: Int, by program: URL) throws -> String {
    try output(of: program, ["run", story, "--world", "sim", "--seed", "\(seed)", "--hash"], in: root)
        .trimmingCharacters(in: .whitespacesAndNewlines)
}
