import Glibc
import MitoLinux
import Testing

/// What is joined, and who the program is there.
@Suite(.timeLimit(.minutes(2))) struct EntryTests {
    @Test(.enabled(if: Ns.isSuperuser)) func `all namespaces of a process that differ from ours are joined`() throws {
        let target = try Target(["--new", "mount,pid,net,uts,ipc,cgroup", "--mount-proc"])
        let kinds = ["mnt", "pid", "net", "uts", "ipc", "cgroup", "user"]
        let links = kinds.map { "/proc/self/ns/\($0)" }
        let joined = try Run([Ns.path, "enter", "--pid", target.pid, "--", "/bin/readlink"] + links).succeed()
        let there = try kinds.map { try Machine.link("/proc/\(target.pid)/ns/\($0)") }
        #expect(joined.split(separator: "\n").map(String.init) == there)
        #expect(try there.last == Machine.link(links[6]) && there[0] != Machine.link(links[0]))
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `those that are not named are not joined`() throws {
        let target = try Target(["--new", "net,uts", "--hostname", "there"])
        let words = [
            "enter", "--pid", target.pid, "--only", "uts", "--", "/bin/sh", "-c",
            "hostname; readlink /proc/self/ns/net",
        ]
        let lines = try Run([Ns.path] + words).succeed().split(separator: "\n").map(String.init)
        #expect(lines == ["there", try Machine.link("/proc/self/ns/net")])
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `a process is joined by pidfd, a namespace by path or descriptor`() throws
    {
        let target = try Target(["--new", "net,uts"])
        let path = "/proc/\(target.pid)/ns/net"
        let there = try Machine.link(path) + "\n"
        let process = try HeldProcess(pid: target.process)
        let program = ["--", "/bin/readlink", "/proc/self/ns/net"]
        #expect(try Run([Ns.path, "enter", "--pidfd"] + program, descriptors: [5: process.number]).succeed() == there)
        #expect(try Run([Ns.path, "enter", "--namespace", "net=\(path)"] + program).succeed() == there)
        let namespace = try FileDescriptor.reading(path)
        let words = ["enter", "--namespace", "net=7"] + program
        #expect(try Run([Ns.path] + words, descriptors: [7: namespace.number]).succeed() == there)
    }

    @Test(.enabled(if: Ns.hasUserNamespaces)) func `an ordinary user enters what he made, all of it`() throws {
        let workshop = try Workshop()
        let program = try workshop.program()
        let new = ["--new", "user,mount,pid,net,uts,ipc", "--hostname", "mine", "--mount-proc"]
        let target = try Target(new, program: program, as: .ordinary)
        let words = ["enter", "--pid", target.pid, "--", "/bin/sh", "-c", "hostname; cat /proc/1/comm; id -u"]
        let lines = try Run([program] + words, as: .ordinary).succeed().split(separator: "\n")
        #expect(lines == ["mine", "sleep", Ns.isSuperuser ? "65534" : "\(getuid())"])
    }

    @Test(.enabled(if: Ns.hasUserNamespaces)) func `namespaces are joined one by one in an order that works`() throws {
        let workshop = try Workshop()
        let program = try workshop.program()
        let target = try Target(["--new", "user,net,uts", "--hostname", "mine"], program: program, as: .ordinary)
        let options = ["net", "uts", "user"].flatMap { ["--namespace", "\($0)=/proc/\(target.pid)/ns/\($0)"] }
        let user = ["--user", Ns.isSuperuser ? "65534" : "\(getuid())"]
        let words =
            [program, "enter"] + options + user + ["--", "/bin/sh", "-c", "hostname; readlink /proc/self/ns/net"]
        let there = try ["mine", Machine.link("/proc/\(target.pid)/ns/net")]
        for user in [Run.User.ordinary, .own] {
            #expect(try Run(words, as: user).succeed().split(separator: "\n").map(String.init) == there)
        }
        guard Ns.isSuperuser else { return }
        let nobody = try Run([program, "enter", "--pid", target.pid, "--", "/bin/echo", "the program ran"]).finish()
        #expect(nobody.output == "" && nobody.errors.contains("does not know who came"))
    }

    @Test(.enabled(if: Ns.hasUserNamespaces)) func `where groups cannot be changed those asked for are refused`() throws
    {
        let workshop = try Workshop()
        let program = try workshop.program()
        let target = try Target(["--new", "user"], program: program, as: .ordinary)
        let own = Ns.isSuperuser ? "65534" : "\(getuid())"
        let words = [program, "enter", "--pid", target.pid, "--user", "\(own):\(Ns.isSuperuser ? own : "\(getgid())")"]
        let done = try Run(words + ["--", "/bin/sh", "-c", "id -u"], as: .ordinary).finish()
        #expect(done.output == "\(own)\n")
        let asked = try Run(words + ["--groups", "7", "--", "/bin/echo", "the program ran"], as: .ordinary).finish()
        #expect(asked.output == "" && asked.errors.contains("setgroups"))
    }

    @Test(.enabled(if: Ns.isSuperuser && Ns.hasUserNamespaces))
    func `the superuser enters another's user namespace, and becomes its superuser`() throws {
        let workshop = try Workshop()
        let new = ["--new", "user,net,mount", "--map-user", "0:65534:1", "--map-group", "0:65534:1"]
        let target = try Target(new, program: workshop.program(), as: .ordinary)
        let status = try Status(
            Run([Ns.path, "enter", "--pid", target.pid, "--", "/bin/cat", "/proc/self/status"]).succeed())
        #expect(status.users == ["0", "0", "0", "0"])
        #expect(status.groups == ["0", "0", "0", "0"])
        #expect(status.otherGroups == [])
        #expect(status.capabilities == Status.nothing)
    }

    @Test(.enabled(if: Ns.canEnterRoot)) func `users and groups are those of the root directory`() throws {
        let workshop = try Workshop()
        let root = try workshop.root(
            users: "root:x:0:0::/:/bin/sh\nweb:x:4711:100:a:/home/web:/bin/sh\n",
            groups: "users:x:100:\ncache:x:12:other,web\nlog:x:13:web\nwww:x:80:nobody\n")
        func id(_ options: String...) throws -> String {
            try Run(
                [Ns.path, "enter", "--root", root] + options + ["--", "/bin/sh", "-c", "id -u; id -g; id -G; pwd"]
            ).succeed()
        }
        #expect(try id("--user", "web") == "4711\n100\n100 12 13\n/home/web\n")
        #expect(try id("--user", "4711") == "4711\n100\n100 12 13\n/home/web\n")
        #expect(try id("--user", "web:www") == "4711\n80\n80 12 13\n/home/web\n")
        #expect(try id("--user", "web", "--groups", "none", "--directory", "/etc") == "4711\n100\n100\n/etc\n")
        #expect(try id("--user", "99:98", "--groups", "97") == "99\n98\n98 97\n/\n")
        #expect(try id("--user", "99") == "99\n99\n99\n/\n")
    }

    @Test(.enabled(if: Ns.canEnterRoot)) func `the environment says who the user is`() throws {
        let workshop = try Workshop()
        let root = try workshop.root(users: "web:x:4711:100:a:/home/web:\n")
        let text = try Run([Ns.path, "enter", "--root", root, "--user", "web", "--", "/bin/env"]).succeed()
        let lines = Set(text.split(separator: "\n"))
        #expect(lines.isSuperset(of: ["HOME=/home/web", "SHELL=/bin/sh", "USER=web", "LOGNAME=web"]))
    }

    @Test(.enabled(if: Ns.canEnterRoot)) func `an image need not be in the root directory`() throws {
        let workshop = try Workshop()
        let empty = workshop.path + "/empty"
        mkdir(empty, 0o755)
        let image = try FileDescriptor.reading(Ns.busybox)
        let words = ["enter", "--root", empty, "--image", "--report", "--", "echo", "hello"]
        let report = try Pipe()
        let run = try Run([Ns.path] + words, descriptors: [3: report.input.number, 4: image.number])
        let said = report.closingInput()
        #expect(try run.succeed() == "hello\n")
        let bytes = try said.readAll(bytesMax: 100)
        #expect(bytes == [])
    }

    @Test func `a failure is one line on the descriptor for it, and nothing on stderr`() throws {
        let report = try Pipe()
        let run = try Run(
            [Ns.path, "enter", "--report", "--root", "/nowhere", "--", "x"], descriptors: [3: report.input.number])
        let said = report.closingInput()
        let finished = try run.finish()
        #expect(finished.errors == "" && finished.exit == .status(71))
        let bytes = try said.readAll(bytesMax: 1000) ?? []
        let line = String(decoding: bytes, as: UTF8.self)
        #expect(line.hasPrefix("open \(ENOENT) ") && line.filter(\.isNewline).count == 1)
    }

    @Test func `a descriptor for it that is not open does not hide the failure`() throws {
        let finished = try Run([Ns.path, "enter", "--report", "--root", "/", "--", "x"]).finish()
        #expect(finished.exit == .status(64) && finished.errors.contains("descriptor 3 is not open"))
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `no descriptor of the starter gets to the program`() throws {
        let secret = try FileDescriptor.reading("/etc/passwd")
        let words = ["create", "--new", "uts", "--", "/bin/ls", "/proc/self/fd"]
        let numbers = try Run([Ns.path] + words, descriptors: [3: secret.number, 9: secret.number]).succeed()
        // The fourth is that of the folder which it lists.
        #expect(numbers == "0\n1\n2\n3\n")
    }

    @Test(.enabled(if: Ns.isSuperuser), arguments: [("/nowhere/at-all", 127), ("/etc/passwd", 126)])
    func `a program that cannot be executed is told apart`(path: String, status: Int32) throws {
        for kinds in ["uts", "uts,pid"] {
            let finished = try Run([Ns.path, "create", "--new", kinds, "--", path]).finish()
            #expect(finished.exit == .status(status))
            #expect(finished.errors.contains(path))
        }
    }
}

extension Machine {
    /// Where a symbolic link says that it leads.
    static func link(_ path: String) throws -> String {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &target, target.count)
        guard count >= 0 else { throw SystemError("readlink", errno) }
        return String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
