import TestSupport
import Glibc
import MitoCore
import MitoLinux
import Mitoscope
import Synchronization
import Testing

/// A context's whole life in a container of each kind.
@Suite(.timeLimit(.minutes(2))) struct ContainerTests {
    @Test(.enabled(if: Host.hasLXC, "needs root and LXC"))
    func `a context lives and ends in an LXC container`() async throws {
        try await live(in: Container.lxc(), called: "container")
    }

    @Test(.enabled(if: Host.hasPodman, "needs root, podman and runc"))
    func `a context lives and ends in a podman container with a read-only root`() async throws {
        try await live(in: Container.podman(), called: "container")
    }

    @Test(.enabled(if: Host.hasNspawn, "needs root and systemd-nspawn"))
    func `a context lives and ends in a container of systemd-nspawn`() async throws {
        try await live(in: Container.nspawn(), called: "process")
    }

    @Test(.enabled(if: Host.hasUnshare, "needs root and util-linux"))
    func `a context lives and ends beside a process with namespaces of its own`() async throws {
        try await live(in: Container.unshared(), called: "process")
    }

    private func live(in make: @autoclosure () throws -> Container, called kind: String) async throws {
        var container: Container? = try make()
        let (mark, place) = (container?.mark ?? "", container?.place ?? "")
        try await live(container.take()!, kind)
        // Once the container is gone too there is nothing of it.
        #expect(Processes.read("/proc/self/mountinfo")?.contains(place) == false)
        #expect(Processes.names(in: place) == [])
        let groups = Processes.names(in: "/sys/fs/cgroup").flatMap { Processes.names(in: "/sys/fs/cgroup/\($0)") }
        #expect(groups.filter { $0.contains(mark) } == [])
    }

    private func live(_ container: consuming Container, _ kind: String) async throws {
        let container = container
        let name = uniqueName()
        let log = Mutex<[String]>([])
        let tree = try Live(onDeed: { deed in
            guard case .order(let output) = deed, case .log(let record, _) = output.order else { return }
            log.withLock { $0.append("\(record.logger): \(record.message)") }
        })
        try await tree.tell { live in
            let inside = try await live.router.setns(container.target, options: container.options, name: name)
            #expect(try await inside.call("echo", [1]) == 1)
            let process = try #require(Processes.context(name)).pid
            for namespace in ["mnt", "pid", "net", "uts", "ipc", "user"] {
                #expect(
                    Machine.linkTarget("/proc/\(process)/ns/\(namespace)")
                        == Machine.linkTarget("/proc/\(container.leader)/ns/\(namespace)"))
            }
            #expect(Machine.linkTarget("/proc/\(process)/ns/pid") != Machine.linkTarget("/proc/self/ns/pid"))

            #expect(try await inside.call("shell", ["echo inside >&2; echo $((6 * 7))"])[key: "output"] == "42\n")
            #expect(await Processes.eventually { log.withLock { $0.contains("stderr: inside") } })

            let below = try await live.router.local(via: inside)
            #expect(try await below.call("echo", [2]) == 2)

            let answers = [inside.callAsync("hang"), below.callAsync("hang")]
            await live.hasSaidAll()
            container.stop()
            for answer in answers {
                let error = await failure { _ = try await answer.get() }
                #expect(error?.code == .channel)
                let message = try #require(error?.message)
                #expect(message.contains("signal 9 (SIGKILL), as \(kind) "))
                #expect(message.contains(" has stopped"))
            }
            #expect(await Processes.eventually { Processes.mentioning(name) == [] })
        }
        #expect(await Processes.eventually { Processes.mentioning(container.mark).allSatisfy { $0.state == "Z" } })
        withExtendedLifetime(container) {}
    }
}
