import Glibc
import MitoCore
import MitoLinux
import Mitoscope
import Testing

/// Entering what is no ordinary container, from where that is not usual, and being refused.
@Suite(.timeLimit(.minutes(2))) struct EntryTests {
    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `a root that is empty and read-only holds a context, and that one's children`() async throws {
        let container = try Container.empty()
        #expect(Processes.names(in: "/proc/\(container.leader)/root/") == [])
        #expect(creat("/proc/\(container.leader)/root/x", 0o600) < 0 && errno == EROFS)
        try await Live.tree { live in
            let inside = try await live.router.setns(container.target, options: container.options)
            #expect(try await inside.call("echo", [1]) == 1)
            let below = try await live.router.local(via: inside)
            let deep = try await live.router.local(via: below)
            #expect(try await deep.call("echo", [2]) == 2)
            container.stop()
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `a context two levels down enters a container, and is called after its process`() async throws {
        let container = try Container.unshared()
        try await Live.tree { live in
            let relay = try await live.router.local(via: try await live.router.local())
            let inside = try await live.router.setns(container.target, options: container.options, via: relay)
            #expect(try await inside.call("whoami")[key: "name"] != nil)
            #expect(try await inside.call("echo", [1]) == 1)
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `one namespace is entered alone`() async throws {
        let container = try Container.unshared()
        let name = uniqueName()
        try await Live.tree { live in
            let target = SetnsTarget.namespaces([NamespaceFile(.net, "/proc/\(container.leader)/ns/net")])
            let inside = try await live.router.setns(target, options: container.options, name: name)
            #expect(try await inside.call("echo", [1]) == 1)
            let process = try #require(Processes.context(name)).pid
            #expect(link("/proc/\(process)/ns/net") == link("/proc/\(container.leader)/ns/net"))
            #expect(link("/proc/\(process)/ns/pid") == link("/proc/self/ns/pid"))
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `a context in a container is who it is told to be, with no capability but those that were named`() async throws {
        let container = try Container.unshared()
        let name = uniqueName()
        var options = container.options
        options.username = "nobody"
        options.capabilities = ["net_admin"]
        try await Live.tree { live in
            _ = try await live.router.setns(container.target, options: options, name: name)
            let status = try #require(Processes.read("/proc/\(Processes.context(name)?.pid ?? 0)/status"))
            #expect(status.contains("Uid:\t65534\t65534\t65534\t65534"))
            #expect(status.contains("CapEff:\t0000000000001000") && status.contains("CapBnd:\t0000000000000000"))
            #expect(status.contains("NoNewPrivs:\t1"))
        }
    }

    @Test(.enabled(if: Host.hasRootless, "needs root, to be an ordinary user, and user namespaces for that one"))
    func `an ordinary user enters a container of their own, and no other`() async throws {
        let (own, other) = (try Container.rootless(), try Container.unshared())
        // What the user may read.
        let folder = try TemporaryFolder()
        try mustRun(["cp", Live.agentPath, Host.mitoNS, folder.path])
        try mustRun(["chmod", "0755", folder.path])
        var options = own.options
        options.helperPath = nil
        try await Live.tree { live in
            let command = Host.asOrdinaryUser + ["env", "-u", "MITOSCOPE_NS", "\(folder.path)/mito-agent"]
            let words = command.map { Value.text(Text($0)) }
            var request = ConnectRequest(name: "ordinary")
            request.options = [Value.Pair("python_path", .list(words))]
            let ordinary = try await live.router.connect(request)
            let inside = try await live.router.setns(own.target, options: options, via: ordinary)
            #expect(try await inside.call("shell", ["id -u"])[key: "output"] == "0\n")
            let error = await failure { _ = try await live.router.setns(other.target, options: options, via: ordinary) }
            #expect(error?.code == .stream)
            #expect(error?.message.contains("process \(other.leader) could not be entered") == true, "\(String(describing: error))")
        }
    }

    @Test(.enabled(if: Host.isRoot, "needs root"))
    func `a process that has ended is not entered`() async throws {
        let kept = try Kept(["true"])
        #expect(await Processes.eventually { Processes.found(kept.pid) == nil })
        var options = SetnsOptions()
        options.helperPath = Host.mitoNS
        try await Live.tree { live in
            let error = await failure { _ = try await live.router.setns(.process(kept.pid), options: options) }
            #expect(error?.code == .stream)
            #expect(error?.message == "process \(kept.pid) has ended: there is no process \(kept.pid)")
        }
    }

    @Test(.enabled(if: Host.isRoot, "needs root"))
    func `what is no namespace is not entered, and the error says so`() async throws {
        var options = SetnsOptions()
        options.helperPath = Host.mitoNS
        try await Live.tree { live in
            let files = [NamespaceFile(.net, "/proc/self/ns/uts"), NamespaceFile(.net, "/etc/passwd")]
            for file in files {
                let error = await failure { _ = try await live.router.setns(.namespaces([file]), options: options) }
                #expect(error?.code == .stream)
                #expect(error?.message.contains("could not be entered (open): ") == true, "\(String(describing: error))")
            }
            let other = try await live.router.local()
            #expect(try await other.call("echo", [1]) == 1)
        }
    }

    @Test func `without mito-ns the error says where it was looked for`() async throws {
        var options = SetnsOptions()
        options.helperPath = "/nowhere/mito-ns"
        try await Live.tree { live in
            let error = await failure { _ = try await live.router.setns(.process(getpid()), options: options) }
            #expect(error?.code == .stream)
            #expect(error?.message.contains("[Errno 2] No such file or directory") == true)
        }
    }
}
