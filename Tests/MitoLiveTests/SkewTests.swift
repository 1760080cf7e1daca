import TestSupport
import MitoCore
import Mitoscope
import Testing

/// Two images that do not know the same functions are told apart before the first call.
@Suite(.timeLimit(.minutes(1))) struct SkewTests {
    @Test func `an image with other functions does not become a context`() async throws {
        try await Live(image: Live.littleProgram).tell { live in
            let error = await failure { _ = try await live.router.local(name: "web") }
            #expect(error?.code == .bootstrap)
            #expect(names(error?.message))
        }
    }

    @Test func `so it is below a relay, and the root is told the same`() async throws {
        try await Live.tree { live in
            let relay = try await live.router.local(name: "relay")
            var request = ConnectRequest(name: "web", via: relay.id)
            request.options = [Value.Pair("python_path", .text(Text(Live.littleProgram)))]
            let error = await failure { _ = try await live.perform(.connect(request)) }
            #expect(error?.code == .bootstrap)
            #expect(names(error?.message))
        }
    }

    @Test func `a root without functions takes every image`() async throws {
        try await Live(image: Live.littleProgram, functions: []).tell { live in
            let web = try await live.router.local(name: "web")
            #expect(try await web.call("little.visit") == 1)
        }
    }

    /// Does the message name both builds, which differ?
    private func names(_ message: String?) -> Bool {
        let builds = (message ?? "").split(separator: "functions ").dropFirst().map { $0.prefix { $0.isHexDigit } }
        return builds.count == 2 && builds[0] != builds[1] && builds.allSatisfy { $0.count > 8 }
    }
}
