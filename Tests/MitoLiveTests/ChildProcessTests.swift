import Glibc
import MitoLinux
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChildProcessTests {
    @Test func `a child's name is what it was given`() throws {
        let child = try Spawned("/bin/cat", ["mitogen:somebody", "/proc/self/cmdline"])
        #expect(try child.output() == "mitogen:somebody\0/proc/self/cmdline\0")
    }

    @Test func `a child has three descriptors and no more`() async throws {
        let leak = try SocketPair()
        let inherited = dup(leak.near.number)
        defer { close(inherited) }
        let child = try Spawned("/bin/sleep", ["sleep", "1000"])
        // The loader has its own open for a moment.
        let isSo = await Processes.eventually {
            Processes.descriptors(of: child.process.pid).map { $0.split(separator: " ")[0] } == ["0", "1", "2"]
        }
        #expect(isSo)
    }

    @Test func `stdin and stdout of a child are one socket`() throws {
        let child = try Spawned("/bin/sh", ["sh", "-c", "readlink /proc/$$/fd/0 /proc/$$/fd/1"])
        let lines = try child.output().split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == lines[1] && lines[0].hasPrefix("socket:"))
    }

    @Test func `a child has no signal blocked or ignored, whatever the starter has`() throws {
        let child = try Spawned("/bin/grep", ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"])
        // The C library keeps the signal after the 31 usual ones to itself.
        let masks = try child.output().split(separator: "\n").map { UInt64($0.dropFirst(8), radix: 16)! & 0x7fff_ffff }
        #expect(masks == [0, 0])
    }

    @Test func `a child has the environment that it was given`() throws {
        let child = try Spawned("/usr/bin/env", ["env"], environment: ["A=1", "B=two"])
        #expect(try child.output() == "A=1\nB=two\n")
    }

    @Test(arguments: [("/nowhere/at-all", ENOENT), ("/etc/passwd", EACCES)])
    func `a program that cannot be run is an error, and leaves no process`(path: String, code: Int32) throws {
        let error = #expect(throws: SystemError.self) { _ = try Spawned(path, [path]) }
        #expect(error?.code == code)
    }

    @Test func `how a child ended is told once it has`() async throws {
        let child = try Spawned("/bin/sh", ["sh", "-c", "exit 7"])
        #expect(await child.exit() == .status(7))
        let other = try Spawned("/bin/sleep", ["sleep", "1000"])
        #expect(other.process.reap() == nil)
        other.process.send(SIGKILL)
        #expect(await other.exit() == .signal(9))
        #expect(ChildProcess.Exit.signal(9).description == "signal 9")
        #expect(ChildProcess.Exit.status(1).description == "exit 1")
    }

    @Test func `a child dies with the thread that started it, frozen or not`() async throws {
        let name = uniqueName()
        let thread = try Thread("starter") {
            guard let child = try? Spawned("/bin/sleep", [name, "1000"]) else { return }
            _ = ProcessSignal.freeze(child.process.pid)
        }
        thread.join()
        #expect(await Processes.eventually { Processes.mentioning(name) == [] })
    }
}
