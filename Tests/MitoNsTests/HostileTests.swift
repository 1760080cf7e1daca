import Glibc
import MitoLinux
import Testing

/// What was not what it was said to be: each is refused with its reason, and the program never runs.
@Suite(.timeLimit(.minutes(2))) struct HostileTests {
    /// A refusal, told by what must stand in it.
    private func refusal(
        _ words: [String], descriptors: [Int32: Int32] = [:], _ status: Int32 = 71
    ) throws -> String {
        let program = ["--", "/bin/echo", "the program ran"]
        let finished = try Run([Ns.path, "enter"] + words + program, descriptors: descriptors).finish()
        #expect(finished.output == "")
        #expect(finished.exit == .status(status))
        return finished.errors
    }

    @Test func `a process that has ended is not its successor`() throws {
        let run = try Run(["/bin/sleep", "1000"])
        let process = try HeldProcess(pid: run.pid)
        run.send(SIGKILL)
        _ = run.waitForExit()
        #expect(try refusal(["--pid", "\(run.pid)"]).contains("No such process"))
        #expect(try refusal(["--pidfd"], descriptors: [5: process.number]).contains("No such process"))
    }

    @Test(.enabled(if: Ns.canTrace)) func `a process that ends between look-up and entry is not joined`() throws {
        let target = try Target(["--new", "net,uts"])
        let paused = try Paused(at: "fstatfs", ["enter", "--pid", target.pid, "--", "/bin/echo", "the program ran"])
        target.end()
        let finished = try paused.goOn()
        #expect(finished.output == "" && finished.exit == .status(71))
        #expect(finished.errors.contains("process \(target.pid) has ended"))
    }

    @Test(.enabled(if: Ns.canTrace && Ns.canEnterRoot))
    func `a container whose root is replaced during entry is not entered`() throws {
        let workshop = try Workshop()
        let root = try workshop.root()
        let target = try Target(
            ["--new", "net", "--keep-capability", "sys_chroot"],
            ["/bin/sh", "-c", "read line; exec chroot \(root) /bin/sleep 1000"])
        let paused = try Paused(at: "setns", ["enter", "--pid", target.pid, "--", "/bin/echo", "the program ran"])
        try target.say("now")
        #expect(eventually { (try? Machine.link("/proc/\(target.pid)/root")) == root })
        let finished = try paused.goOn()
        #expect(finished.output == "" && finished.exit == .status(71))
        #expect(finished.errors.contains("was replaced"))
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `what is no namespace, or one of another kind, is refused`() throws {
        #expect(try refusal(["--namespace", "net=/etc/passwd"]).contains("it is no namespace"))
        #expect(try refusal(["--namespace", "net=/dev/null"]).contains("it is no namespace"))
        #expect(try refusal(["--namespace", "net=/"]).contains("directory"))
        #expect(try refusal(["--namespace", "net=/proc/self/ns/uts"]).contains("it is a uts namespace"))
        #expect(try refusal(["--namespace", "net=/proc/self/exe"]).contains("it is no namespace"))
    }

    @Test func `a path that leads elsewhere by a symbolic link is refused`() throws {
        let workshop = try Workshop()
        let (link, folder) = (workshop.path + "/net", workshop.path + "/folder")
        symlink("/proc/self/ns/net", link)
        symlink("/proc/self/ns", folder)
        #expect(try refusal(["--namespace", "net=\(link)"]).contains("`net` is a symbolic link"))
        #expect(try refusal(["--namespace", "net=\(folder)/net"]).contains("`folder` is a symbolic link"))
        mkfifo(workshop.path + "/pipe", 0o666)
        #expect(try refusal(["--namespace", "net=\(workshop.path)/pipe"]).contains("it is no namespace"))
    }

    @Test func `descriptors that are not what they should be are refused`() throws {
        let file = try FileDescriptor.reading("/etc/passwd")
        let namespace = try FileDescriptor.reading("/proc/self/ns/uts")
        #expect(try refusal(["--pidfd"], 64).contains("descriptor 5 is not open"))
        #expect(try refusal(["--pidfd"], descriptors: [5: file.number]).contains("descriptor 5"))
        #expect(try refusal(["--namespace", "net=6"], 64).contains("descriptor 6 is not open"))
        #expect(try refusal(["--namespace", "net=6"], descriptors: [6: file.number]).contains("it is no namespace"))
        let kind = try refusal(["--namespace", "net=6"], descriptors: [6: namespace.number])
        #expect(kind.contains("it is a uts namespace"))
        #expect(try refusal(["--root", "/", "--image"], 64).contains("descriptor 4 is not open"))
    }

    @Test(.enabled(if: Ns.isSuperuser), arguments: ["../x", "$(id)", "a b", "web\u{1b}", "-1", "4294967295", "0x0"])
    func `a name that nobody has there is refused`(name: String) throws {
        let finished = try Run([Ns.path, "enter", "--root", "/", "--user", name, "--", "/bin/echo", "the program ran"])
            .finish()
        #expect(finished.output == "" && finished.exit == .status(71))
        #expect(finished.errors.contains("there is no user"))
    }

    @Test(.enabled(if: Ns.canEnterRoot)) func `files of users that are none are refused, and do not stop it`() throws {
        let workshop = try Workshop()
        let root = try workshop.root()
        let file = "\(root)/etc/passwd"
        func enter() throws -> Run.Finished {
            try Run([Ns.path, "enter", "--root", root, "--user", "web", "--", "/bin/id"]).finish()
        }
        try workshop.write(String(repeating: "web:x:1:1::/:\n", count: 100_000), to: file)
        #expect(try enter().errors.contains("more than"))
        unlink(file)
        mkfifo(file, 0o666)
        #expect(try enter().errors.contains("is no file"))
        unlink(file)
        symlink("/dev/zero", file)
        #expect(try enter().exit == .status(71))
    }

    @Test(.enabled(if: Ns.canEnterRoot)) func `a program that leads back leads to a copy in memory`() throws {
        let workshop = try Workshop()
        let root = try workshop.root()
        symlink("/proc/self/exe", "\(root)/bin/back")
        let target = try Target(
            [
                "--new", "mount,pid", "--mount-proc", "--keep-capability", "sys_chroot", "--keep-capability",
                "sys_admin",
            ],
            ["/bin/sh", "-c", "mount -t proc proc \(root)/proc && exec chroot \(root) /bin/sleep 1000"])
        #expect(eventually { (try? Machine.link("/proc/\(target.pid)/root")) == root })
        // It waits, as its help finds no room in the pipe.
        let command = "head -c 65536 /dev/zero; exec \(Ns.path) enter --pid \(target.pid) -- /bin/back --help"
        let run = try Run(["/bin/sh", "-c", command])
        var file: String?
        _ = try eventually {
            let child = proc("\(run.pid)/task/\(run.pid)/children")?.split(separator: " ").first
            guard let child, proc("\(child)/comm") == "back\n" else { return false }
            file = try Machine.link("/proc/\(child)/exe")
            return true
        }
        #expect(file == "/memfd:mito-ns (deleted)")
    }

    @Test(.enabled(if: Ns.canEnterRoot)) func `a home leads to no folder that the starter has open`() throws {
        let workshop = try Workshop()
        let root = try workshop.root(users: "web:x:0:0::/proc/self/fd/9:/bin/sh\n")
        symlink("/proc/self/fd/9", "\(root)/work")
        let target = try Target(
            [
                "--new", "mount,pid", "--mount-proc", "--keep-capability", "sys_chroot", "--keep-capability",
                "sys_admin",
            ],
            ["/bin/sh", "-c", "mount -t proc proc \(root)/proc && exec chroot \(root) /bin/sleep 1000"])
        let folder = try FileDescriptor.reading("/")
        func enter(_ words: [String]) throws -> Run.Finished {
            let command = [Ns.path, "enter", "--pid", target.pid] + words + ["--", "/bin/cat", "etc/passwd"]
            return try Run(command, descriptors: [9: folder.number]).finish()
        }
        #expect(eventually { (try? Machine.link("/proc/\(target.pid)/root")) == root })
        #expect(try enter(["--user", "web"]).output == "web:x:0:0::/proc/self/fd/9:/bin/sh\n")
        #expect(try enter(["--directory", "/work"]).errors.contains("the working directory /work"))
    }

    @Test(.enabled(if: Ns.canEnterRoot)) func `links in a root directory lead nowhere outside of it`() throws {
        let workshop = try Workshop()
        let root = try workshop.root()
        unlink("\(root)/etc/passwd")
        symlink("../../../../../../../etc/passwd", "\(root)/etc/passwd")
        let finished = try Run([Ns.path, "enter", "--root", root, "--user", "daemon", "--", "/bin/id"]).finish()
        #expect(finished.exit == .status(71) && finished.errors.contains("/etc/passwd"))
    }
}

/// `mito-ns`, which stands still in the middle of its work: it gets SIGSTOP at the end of the first call of a name.
struct Paused {
    private let workshop: Workshop
    private let run: Run
    private let pid: Int32

    init(at call: String, _ words: [String]) throws {
        let workshop = try Workshop()
        let log = workshop.path + "/log"
        let tracing = ["-o", log, "-e", "trace=\(call)", "-e", "inject=\(call):signal=SIGSTOP:when=1"]
        run = try Run(["/usr/bin/strace"] + tracing + [Ns.path] + words)
        let tracer = run.pid
        let isPaused = try eventually {
            guard let file = try? FileDescriptor.reading(log) else { return false }
            return try file.readAll(bytesMax: 1 << 20).map { String(decoding: $0, as: UTF8.self) }?
                .contains("stopped by SIGSTOP") == true
        }
        let children = proc("\(tracer)/task/\(tracer)/children") ?? ""
        guard isPaused, let pid = children.split(separator: " ").first.flatMap({ Int32($0) }) else {
            throw SystemError("strace", ESRCH)
        }
        self.pid = pid
        self.workshop = workshop
    }

    func goOn() throws -> Run.Finished {
        kill(pid, SIGCONT)
        return try run.finish()
    }
}
