import TestSupport
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

    @Test func `what a child is handed has its number there, whatever numbers it had here`() throws {
        let files = ["/dev/null", "/dev/zero", "/dev/full"]
        let three = try files.map { path throws(SystemError) in Held(try FileDescriptor.reading(path)) }
        // Each takes every place once, so that some stand in the way of others.
        for shift in 0..<3 {
            var handed = ChildProcess.Handed()
            handed.report = three[shift].number
            handed.image = three[(shift + 1) % 3].number
            handed.process = shift == 2 ? nil : three[(shift + 2) % 3].number
            let script = "readlink /proc/$$/fd/3 /proc/$$/fd/4 /proc/$$/fd/5"
            let child = try Spawned("/bin/sh", ["sh", "-c", script], handed: handed)
            let wanted = [files[shift], files[(shift + 1) % 3]] + (shift == 2 ? [] : [files[(shift + 2) % 3]])
            #expect(try child.output().split(separator: "\n").map(String.init) == wanted)
        }
    }

    @Test func `a child may be started from an open file, which it has as its image`() throws {
        let program = Held(try FileDescriptor.reading("/bin/sh"))
        var handed = ChildProcess.Handed()
        handed.image = program.number
        let child = try Spawned(nil, ["sh", "-c", "echo $0; readlink -f /proc/$$/fd/4", "me"], handed: handed)
        let lines = try child.output().split(separator: "\n").map(String.init)
        #expect(lines == ["me", Machine.realPath("/bin/sh")])
        #expect(NamespaceContract.image == 4)
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

/// A descriptor for as long as somebody holds this.
private final class Held {
    private let descriptor: FileDescriptor
    var number: Int32 { descriptor.number }

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}
