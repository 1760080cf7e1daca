import TestSupport
import Glibc
import MitoCore
import MitoLinux
import Mitoscope
import Testing

/// How a container's leader is found. The tools here are stand-ins, programs of one line that print what the real ones
/// were seen to print; where this machine has the real ones, `ContainerTests` asks those.
@Suite(.timeLimit(.minutes(2))) struct LookUpTests {
    @Test(
        .enabled(if: Host.hasUnshare, "needs root and util-linux"),
        arguments: [
            (ContainerKind.docker, "@"), (.lxd, "Name: c1\nStatus: Running\nPid: @"),
            (.incus, "Name: c1\nStatus: RUNNING\nType: container\nPID: @"),
            (.machinectl, "c1(2f4e)\n\t   Since: Sat\n\t  Leader: @ (sleep)\n\t Service: systemd-nspawn"),
        ])
    func `a leader is found in what a stand-in tool printed`(_ kind: ContainerKind, _ output: String) async throws {
        let container = try Container.unshared()
        let folder = try TemporaryFolder()
        let parts = output.split(separator: "@", omittingEmptySubsequences: false)
        let printed = parts.joined(separator: "\(container.leader)")
        var options = container.options
        options.toolPath = try folder.script("tool", "cat <<'END'\n\(printed)\nEND")
        try await Live.tree { live in
            let inside = try await live.router.setns(.container(kind, "c1"), options: options)
            #expect(try await inside.call("echo", [1]) == 1)
            #expect(try await inside.call("whoami")[key: "name"] != nil)
        }
    }

    @Test(arguments: ContainerKind.allCases)
    func `each kind is known all the way down, and may have a tool of another path`(_ kind: ContainerKind) async throws
    {
        let folder = try TemporaryFolder()
        let options = Self.options(try folder.script("tool", "exit 3"))
        try await Live.tree { live in
            let error = await failure { _ = try await live.router.setns(.container(kind, "c1"), options: options) }
            #expect(error?.message.hasPrefix("\(folder.path)/tool ") == true)
            #expect(error?.message.hasSuffix("c1 exitted with status 3: ") == true)
        }
    }

    @Test func `a container is named by its kind and its name, and from a relay too what is none is refused`()
        async throws
    {
        try await Live.tree { live in
            let relay = try await live.router.local()
            for via in [nil, relay] {
                let error = await failure { _ = try await live.router.setns(kind: .lxc, container: "../x", via: via) }
                #expect(error?.code == .stream)
                #expect(error?.message.contains("'../x' is no container's name") == true)
            }
            let error = await failure { _ = try await live.router.setns(kind: .lxc, container: "") }
            #expect(error?.code == .usage)
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `a thread may block until a context is in its container, which outlives it`() async throws {
        let container = try Container.unshared()
        let folder = try TemporaryFolder()
        var options = container.options
        options.toolPath = try folder.script("tool", "sleep 0.1; echo \(container.leader)")
        try await Live.tree { [options] live in
            let answer = Answer<Result<Context, MitoscopeError>>()
            let thread = try Thread("caller") {
                answer.give(
                    Result { () throws(MitoscopeError) in
                        let inside = try live.router.setns(.container(.docker, "c1"), options: options)
                        _ = try inside.call("echo", [1])
                        return inside
                    })
            }
            let inside = try await answer.wait().get()
            thread.join()
            #expect(try await inside.call("echo", [2]) == 2)
        }
    }

    @Test func `nobody waits for a tool longer than he wants`() async throws {
        let folder = try TemporaryFolder()
        let name = uniqueName()
        let tool = try folder.script("tool", "exec -a \(name) sleep 1000")
        try await Live.tree { live in
            let error = await failure {
                _ = try await live.router.setns(
                    .container(.docker, "c1"), options: Self.options(tool), connectTimeout: .milliseconds(100))
            }
            #expect(error?.message == "Connection timed out.")
            #expect(await Processes.eventually { Processes.mentioning(name) == [] })
            let web = try await live.router.local()
            #expect(try await web.call("echo", [1]) == 1)
        }
    }

    @Test func `while a tool takes its time everything else goes on, and the end of the tree ends the tool`()
        async throws
    {
        let folder = try TemporaryFolder()
        let name = uniqueName()
        let tool = try folder.script("tool", "exec -a \(name) sleep 1000")
        try await Live.tree { live in
            async let error = failure {
                _ = try await live.router.setns(.container(.docker, "c1"), options: Self.options(tool))
            }
            #expect(await Processes.eventually { Processes.mentioning(name) != [] })
            let web = try await live.router.local()
            #expect(try await web.call("echo", [1]) == 1)
            #expect(Processes.mentioning(name) != [])
            try await live.router.shutdown()
            #expect(await error != nil)
        }
        #expect(await Processes.eventually { Processes.mentioning(name) == [] })
    }

    @Test func `a tool that fails, or is not there, or prints something else is told of in the original's words`()
        async throws
    {
        let folder = try TemporaryFolder()
        let failing = try folder.script("failing", "echo no such container; echo sorry >&2; exit 3")
        let odd = try folder.script("odd", "echo what")
        try await Live.tree { live in
            #expect(
                await Self.message(live, failing)
                    == "\(failing) inspect --format={{.State.Pid}} c1 exitted with status 3: no such container\nsorry\n"
            )
            #expect(await Self.message(live, odd) == "could not find PID from docker output.\nwhat\n")
            #expect(
                await Self.message(live, "/nowhere/docker")
                    == "could not execute /nowhere/docker inspect --format={{.State.Pid}} c1: "
                    + "[Errno 2] No such file or directory")
        }
    }

    @Test func `a container that is replaced while it is looked up is not entered`() async throws {
        let folder = try TemporaryFolder()
        // It answers once with one process and then with another.
        let tool = try folder.script(
            "tool", "if [ -e \(folder.path)/asked ]; then echo 1; else echo \(getpid()); fi; touch \(folder.path)/asked"
        )
        try await Live.tree { live in
            #expect(
                await Self.message(live, tool)
                    == "container 'c1' was stopped or started while it was looked up")
        }
    }

    @Test(arguments: ["-rf", "--help", "../etc", "a/b", "a\nb", "a b", "\u{1B}[2J", ".host", "afar:web"])
    func `a name that is none is refused before any tool is asked`(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let tool = try folder.script("tool", "touch \(folder.path)/asked")
        try await Live.tree { live in
            let error = await failure {
                _ = try await live.router.setns(.container(.docker, name), options: Self.options(tool))
            }
            #expect(error?.message.contains("is no container's name") == true)
            #expect(!Processes.names(in: folder.path).contains("asked"))
        }
    }

    @Test func `a tool that prints without end fills no memory, and is not waited for`() async throws {
        let folder = try TemporaryFolder()
        let tool = try folder.script("tool", "head -c 50000000 /dev/zero | tr '\\0' x")
        try await Live.tree { live in
            let message = await Self.message(live, tool) ?? ""
            #expect(message.hasPrefix("could not find PID from docker output.\nxxx"))
            #expect(message.utf8.count < 100_000)
        }
    }

    private static func message(_ live: Live, _ tool: String) async -> String? {
        await failure { _ = try await live.router.setns(.container(.docker, "c1"), options: options(tool)) }?.message
    }

    private static func options(_ tool: String) -> SetnsOptions {
        var options = SetnsOptions()
        options.mitoNSPath = Built.ns
        options.toolPath = tool
        return options
    }
}
