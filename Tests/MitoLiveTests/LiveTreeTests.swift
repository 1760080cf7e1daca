import MitoCore
import Mitoscope
import Testing

@Suite(.timeLimit(.minutes(1))) struct LiveTreeTests {
    @Test(arguments: [false, true]) func `a call to a child process comes back`(isPortable: Bool) async throws {
        try await Live.tree(isPortable: isPortable) { live in
            let web = try await live.router.local(name: "web")
            #expect(try await web.call("echo", ["hello"]) == "hello")
        }
    }
}
