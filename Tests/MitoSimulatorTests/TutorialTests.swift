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

/// The fullest disk, and the hosts that did not say.
private struct Report: Equatable {
    var most = 0
    var silent: [String] = []
}

@Sendable private func survey(_ router: Router, hosts: [String]) async throws -> Report {
    var contexts: [Context] = []
    for host in hosts { contexts.append(try await router.local(name: host)) }

    var report = Report()
    let replies = contexts.map { $0.callAsync(diskUsage, timeout: .seconds(5)) }
    for (host, reply) in zip(hosts, replies) {
        do {
            report.most = max(report.most, try await reply.get())
        } catch {
            guard error.code == .channel || error.code == .timeout else { throw error }
            report.silent.append(host)
        }
    }
    return report
}

/// What the article "Test your program" shows; `ArticleTests` sees to it that it shows nothing else.
@Suite struct TutorialTests {
    @Test(arguments: 1...20)
    func `the fullest disk is found, whatever comes first`(seed: UInt64) throws {
        let run = try withSimulatedRouter(seed: seed, functions: [diskUsage]) { router in
            try await survey(router, hosts: ["web", "mail", "archive"])
        }
        #expect(run.result == Report(most: 70))
    }

    @Test func `a host behind a slow link is left out`() throws {
        let run = try withSimulatedRouter(
            seed: 1, functions: [diskUsage],
            link: { LinkModel(delay: .constant($0.remoteName == "mail" ? .seconds(3) : .milliseconds(1))) },
            { router in try await survey(router, hosts: ["web", "mail"]) })
        #expect(run.result == Report(most: 30, silent: ["mail"]))
    }

    @Test func `a host that crashes is left out, and nobody waits for it`() throws {
        let run = try withSimulatedRouter(
            seed: 1, functions: [diskUsage], faults: [.kill("mail", at: .milliseconds(500))]
        ) { router in
            try await survey(router, hosts: ["web", "mail"])
        }
        #expect(run.result == Report(most: 30, silent: ["mail"]))
        #expect(run.duration < .seconds(2) && run.missed.isEmpty)
    }

    @Test(arguments: 0...100)
    func `whenever a host crashes, the program ends in time`(tick: Int64) throws {
        let fault = PlannedFault.kill("mail", at: .milliseconds(20 * tick))
        let run = try withSimulatedRouter(seed: 1, functions: [diskUsage], faults: [fault]) { router in
            try? await survey(router, hosts: ["web", "mail"])
        }
        #expect(run.duration < .seconds(6))
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
