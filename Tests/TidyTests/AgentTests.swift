import Foundation
import Testing

/// What is sent to hosts stays small. `make test` builds the program in release and names it in the environment.
@Suite(.enabled(if: agent != nil, "MITOSCOPE_AGENT names no program"))
struct AgentTests {
    /// Every start of a context over a slow link pays for each byte. Foundation alone would take it past 50 MB.
    private static let strippedBytesMax = 12_000_000

    @Test func `the agent without its symbols is small`() throws {
        let stripped = FileManager.default.temporaryDirectory.appending(path: "mito-agent-\(UUID())")
        defer { try? FileManager.default.removeItem(at: stripped) }
        let strip = Process()
        strip.executableURL = URL(filePath: "/usr/bin/env")
        strip.arguments = ["strip", "-o", stripped.path, try #require(agent).path]
        try strip.run()
        strip.waitUntilExit()
        #expect(strip.terminationStatus == 0)
        let bytes = try Data(contentsOf: stripped).count
        #expect(bytes > 1_000_000 && bytes <= Self.strippedBytesMax, "\(bytes) bytes")
    }

    @Test func `no Foundation is linked into the agent`() throws {
        #expect(try !hasFoundation(#require(agent)))
        // This test uses Foundation, so the program that runs it shows that the search can find it.
        #expect(try hasFoundation(URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()) || hasFoundation(bundle))
    }

    @Test func `the agent needs no library of the host`() throws {
        #expect(try Data(contentsOf: #require(agent)).range(of: Data("/ld-linux".utf8)) == nil)
        #expect(try Data(contentsOf: bundle).range(of: Data("/ld-linux".utf8)) != nil)
    }
}

private let agent: URL? = {
    guard let path = ProcessInfo.processInfo.environment["MITOSCOPE_AGENT"],
        FileManager.default.isExecutableFile(atPath: path)
    else { return nil }
    return URL(filePath: path)
}()

/// The program that holds these tests.
private var bundle: URL { URL(filePath: CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? "/proc/self/exe") }

/// Swift's mangled names carry the module that they come from.
private func hasFoundation(_ program: URL) throws -> Bool {
    let image = try Data(contentsOf: program)
    return ["$s10Foundation", "$s20FoundationEssentials"].contains { image.range(of: Data($0.utf8)) != nil }
}
