import TestSupport
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
        let root = "/proc/\(container.leader)/root"
        #expect(Processes.names(in: root) == [])
        #expect(creat("\(root)/x", 0o600) < 0 && errno == EROFS)
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
            #expect(
                Machine.linkTarget("/proc/\(process)/ns/net") == Machine.linkTarget("/proc/\(container.leader)/ns/net"))
            #expect(Machine.linkTarget("/proc/\(process)/ns/pid") == Machine.linkTarget("/proc/self/ns/pid"))
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `a context is who it is told to be, with no capability but those that were named`() async throws {
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

    @Test(.enabled(if: Host.hasRootless, "needs user namespaces for ordinary users"))
    func `an ordinary user enters a container of their own, and no other`() async throws {
        let own = try Container.rootless()
        let other = Host.isRoot ? try Container.unshared() : nil
        // What the user may read.
        let folder = try TemporaryFolder()
        try mustRun(["cp", Live.agentPath, Built.ns, folder.path])
        try mustRun(["chmod", "0755", folder.path])
        var options = own.options
        options.mitoNSPath = nil
        try await Live.tree { live in
            let command = asOrdinaryUser + ["env", "-u", "MITOSCOPE_NS", "\(folder.path)/mito-agent"]
            let words = command.map { Value.text(Text($0)) }
            var request = ConnectRequest(name: "ordinary")
            request.options = [Value.Pair("python_path", .list(words))]
            let ordinary = try await live.router.connect(request)
            let inside = try await live.router.setns(own.target, options: options, via: ordinary)
            #expect(try await inside.call("shell", ["id -u"])[key: "output"] == "0\n")
            guard let other else { return }
            let error = await failure { _ = try await live.router.setns(other.target, options: options, via: ordinary) }
            #expect(error?.code == .stream)
            let message = try #require(error?.message)
            #expect(message.contains("process \(other.leader) could not be entered"))
            // What to do about it.
            #expect(message.contains("setcap"), "\(message)")
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `when mito-ns is killed the context in the container dies with it, and whoever waits is told`() async throws {
        let container = try Container.unshared()
        let name = uniqueName()
        try await Live.tree { live in
            let inside = try await live.router.setns(container.target, options: container.options, name: name)
            let process = try #require(Processes.context(name))
            let answer = inside.callAsync("hang")
            await live.hasSaidAll()
            #expect(Processes.read("/proc/\(process.parent)/comm") == "mito-ns\n")
            kill(process.parent, SIGKILL)
            let error = await failure { _ = try await answer.get() }
            #expect(error?.code == .channel)
            let message = try #require(error?.message)
            #expect(message.contains("signal 9 (SIGKILL)"))
            #expect(!message.contains("has stopped"))
            #expect(await Processes.eventually { Processes.mentioning(name) == [] })
            #expect(Processes.found(container.leader) != nil)
        }
    }

    @Test(.enabled(if: Host.hasUnshare && Host.has("setpriv"), "needs root and util-linux"))
    func `a container's root cannot reach the file of mito-ns through its process`() async throws {
        let container = try Container.unshared()
        let name = uniqueName()
        try await Live.tree { live in
            _ = try await live.router.setns(container.target, options: container.options, name: name)
            let agent = try #require(Processes.context(name))
            // As a container has it: root, and of the rights of a host's root none.
            func isReached(_ pid: Int32) throws -> Bool {
                try run(["setpriv", "--bounding-set=-all", "readlink", "/proc/\(pid)/exe"]).exit == .status(0)
            }
            #expect(try isReached(agent.pid))
            #expect(try !isReached(agent.parent))
            #expect(Machine.linkTarget("/proc/\(agent.pid)/exe")?.hasPrefix("/memfd:mitoscope") == true)
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `whoever is killed, and whenever, the caller is told and nothing is left`() async throws {
        try await Live.tree { live in
            for round in 0..<18 {
                let container = try Container.unshared()
                let name = uniqueName()
                let namespace = Machine.linkTarget("/proc/\(container.leader)/ns/pid")
                async let error = failure {
                    let inside = try await live.router.setns(container.target, options: container.options, name: name)
                    _ = try await inside.call("hang")
                }
                // From before mito-ns is there until the context is up.
                usleep(UInt32(round % 10) * 3_000)
                let processes = Processes.mentioning(name)
                if round % 3 == 0 || processes.isEmpty {
                    container.stop()
                } else {
                    kill(processes[round % processes.count].pid, SIGKILL)
                }
                #expect(await error != nil)
                #expect(await Processes.eventually { Processes.mentioning(name) == [] })
                container.stop()
                #expect(await Processes.eventually { Processes.inPIDNamespace(namespace) == [] })
            }
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `nothing of a context that is gone stays open in the one that started it`() async throws {
        let container = try Container.unshared()
        let name = uniqueName()
        try await Live.tree { live in
            let relay = try await live.router.local(remoteName: name)
            let pid = try #require(Processes.context(name)).pid
            var before: [String] = []
            // The first time it keeps its image, for the next ones.
            for round in 0..<3 {
                let inside = try await live.router.setns(container.target, options: container.options, via: relay)
                try await inside.shutdown()
                if round == 0 {
                    #expect(await Processes.comesToRest(pid))
                    before = Processes.descriptors(of: pid)
                    #expect(before.count { $0.contains("/memfd:mitoscope") } == 1)
                }
            }
            #expect(await Processes.eventually { Processes.descriptors(of: pid) == before })
        }
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `a context without a name is called after its container`() async throws {
        let container = try Container.unshared()
        let folder = try TemporaryFolder()
        var options = container.options
        options.toolPath = try folder.script("tool", "echo \(container.leader)")
        let path = folder.path + "/trace"
        try await Live(tracePath: path).tell { live in
            _ = try await live.router.setns(.container(.podman, "c1"), options: options)
        }
        #expect(Processes.read(path)?.contains("setns.c1") == true)
    }

    @Test(.enabled(if: Host.isRoot, "needs root"))
    func `a process that has ended is not entered`() async throws {
        let kept = try Kept(["true"])
        #expect(await Processes.eventually { Processes.found(kept.pid) == nil })
        var options = SetnsOptions()
        options.mitoNSPath = Built.ns
        try await Live.tree { live in
            let error = await failure { _ = try await live.router.setns(.process(kept.pid), options: options) }
            #expect(error?.code == .stream)
            #expect(error?.message == "process \(kept.pid) has ended: there is no process \(kept.pid)")
        }
    }

    @Test(.enabled(if: Host.isRoot, "needs root"))
    func `what is no namespace is not entered, and the error says so`() async throws {
        var options = SetnsOptions()
        options.mitoNSPath = Built.ns
        try await Live.tree { live in
            let files = [NamespaceFile(.net, "/proc/self/ns/uts"), NamespaceFile(.net, "/etc/passwd")]
            for file in files {
                let error = await failure { _ = try await live.router.setns(.namespaces([file]), options: options) }
                #expect(error?.code == .stream)
                let message = try #require(error?.message)
                #expect(message.contains("could not be entered (open): "))
            }
            let other = try await live.router.local()
            #expect(try await other.call("echo", [1]) == 1)
        }
    }

    @Test func `without mito-ns the error says where it was looked for`() async throws {
        var options = SetnsOptions()
        options.mitoNSPath = "/nowhere/mito-ns"
        try await Live.tree { live in
            let error = await failure { _ = try await live.router.setns(.process(getpid()), options: options) }
            #expect(error?.code == .stream)
            #expect(error?.message.contains("[Errno 2] No such file or directory") == true)
        }
    }
}
