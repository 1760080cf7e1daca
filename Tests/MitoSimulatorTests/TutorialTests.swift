import MitoCore
import MitoLinks
import MitoSimulator
import Mitoscope
import Testing

/// How full the disks are, in percent.
private let diskUsage = RemoteFunction("fleet.disk_usage") { (context: CallContext) async throws in
    try await Task.sleep(for: .seconds(1))
    return 10 * context.name.count
}

/// The fullest disk of these hosts.
@Sendable private func fullest(_ router: Router, hosts: [String]) async throws -> Int {
    var contexts: [Context] = []
    for host in hosts { contexts.append(try await router.local(name: host)) }
    var most = 0
    for try await percent in Select(contexts.map { $0.callAsync(diskUsage) }) { most = max(most, percent) }
    return most
}

/// What the article "Test your program" shows; `ArticleTests` sees to it that it shows nothing else.
@Suite struct TutorialTests {
    @Test(arguments: 1...20)
    func `the fullest disk is found, whatever comes first`(seed: UInt64) throws {
        let run = try withSimulatedRouter(seed: seed, functions: [diskUsage]) { router in
            try await fullest(router, hosts: ["web", "mail", "archive"])
        }
        #expect(run.result == 70)
    }

    @Test func `a slow link is no hang`() throws {
        let run = try withSimulatedRouter(
            seed: 1, functions: [diskUsage],
            link: { LinkModel(delay: .constant($0.remoteName == "mail" ? .seconds(6) : .milliseconds(1))) },
            { router in try await fullest(router, hosts: ["web", "mail"]) })
        #expect(run.result == 40)
    }

    @Test func `who waits for what never comes is named`() throws {
        let hang = try #require(throws: Hang.self) {
            try withSimulatedRouter(seed: 1, functions: [diskUsage, BuiltInFunctions.hang]) { router in
                let web = try await router.local(name: "web")
                try await web.call("hang")
            }
        }
        #expect("\(hang)".contains("master (the program) waits for call 1 hang"))
    }
}
