import TestSupport
import Foundation
import MitoCore
import MitoLinux
import Mitoscope
import Testing

/// What one context among processes may have otherwise than the rest of its tree.
@Suite(.timeLimit(.minutes(1))) struct LocalTests {
    @Test func `a context is the program, and shows the name, that it was started with`() async throws {
        let name = uniqueName()
        try await Live(image: nil).tell { live in
            let web = try await live.router.local(name: "web", executable: Live.agentPath, remoteName: name)
            #expect(try await web.call("whoami")[key: "name"] == "web")
            let process = try #require(Processes.context(name))
            #expect(Processes.read("/proc/\(process.pid)/comm") == "mitogen:\(name)".prefix(15) + "\n")
        }
    }

    @Test func `a relay starts the program that it is told to`() async throws {
        let name = uniqueName()
        try await Live.tree { live in
            let relay = try await live.router.local()
            let error = await failure { _ = try await live.router.local(via: relay, executable: "/nowhere/at-all") }
            #expect(error?.code == .stream)
            #expect(error?.message.contains("[Errno 2] No such file or directory") == true)
            _ = try await live.router.local(via: relay, remoteName: name)
            #expect(Processes.context(name) != nil)
        }
    }

    @Test func `a context that does not speak in its own time is given up, and the others go on`() async throws {
        let name = uniqueName()
        let folder = try TemporaryFolder()
        let script = folder.path + "/silent"
        try "#!/bin/bash\nexec -a \(name) sleep 1000\n".write(toFile: script, atomically: true, encoding: .utf8)
        #expect(chmod(script, 0o700) == 0)
        try await Live.tree { live in
            let web = try await live.router.local()
            let error = await failure {
                _ = try await live.router.local(executable: script, connectTimeout: .milliseconds(50))
            }
            #expect(error?.code == .stream)
            #expect(await Processes.eventually { Processes.mentioning(name) == [] })
            #expect(try await web.call("echo", [1]) == 1)
        }
    }
}
