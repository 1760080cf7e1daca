import Foundation
import MitoCore
import MitoLive
import MitoReport
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

@testable import MitoScenario

/// Real contexts that each write a trace of their own.
@Suite(.timeLimit(.minutes(1))) struct SplitTraceTests {
    @Test func `the merged order of a split live trace is a causal order`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mitoscope-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await tell(into: folder.path + "/")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count == 4 && names.allSatisfy { $0.hasPrefix("context-") && $0.hasSuffix(".trace") })
        let sources = try names.map { name in
            let file = folder.appending(path: name)
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            return try TraceMerge.Source(name: name, reading: Array(try Data(contentsOf: file)))
        }
        let merged = TraceMerge(sources)
        #expect(merged.notes.isEmpty, "\(merged.notes)")
        #expect(merged.header.world == "live")
        #expect(Set(merged.records.map(\.context)).count == 4)
        var checkers = Checkers()
        for record in merged.records { checkers.observe(record) }
        #expect(checkers.finish().map(\.description) == [])
    }

    private func tell(into path: String) async throws {
        var configuration = Node.Configuration()
        configuration.isTraced = true
        var settings = Broker.Settings(image: Shipped.live.image, tracePath: path)
        settings.isLogging = false
        let broker = try Broker(agent: Agent(node: Node(master: configuration), functions: []), settings: settings)
        let router = Router(world: broker)
        let relay = try await router.local(name: "relay")
        let (one, other) = (try await router.local(via: relay), try await router.local(via: relay))
        for number in Int64(0)..<50 {
            async let first = one.call("echo", [.int(number)])
            async let second = other.call("echo", [.int(number)])
            #expect(try await first == .int(number))
            #expect(try await second == .int(number))
        }
        try await router.shutdown()
        broker.join()
    }
}
