import Glibc
import MitoLinux
import Testing

/// `mito-ns` in the place of a program that is in a pid namespace.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Ns.isSuperuser)) struct FollowTests {
    private let create = [Ns.path, "create", "--new", "pid,mount,uts", "--mount-proc", "--"]

    @Test func `it ends as the program ended`() throws {
        #expect(try Run(create + ["/bin/sh", "-c", "exit 7"]).waitForExit() == .status(7))
        #expect(try Run(create + ["/bin/true"]).waitForExit() == .status(0))
        // The first process of a namespace cannot end itself by a signal; one that joins it can.
        let target = try Target(["--new", "pid,mount", "--mount-proc"])
        let words = ["enter", "--pid", target.pid, "--", "/bin/sh", "-c", "kill -USR1 $$; sleep 1000"]
        #expect(try Run([Ns.path] + words).waitForExit() == .signal(SIGUSR1))
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2])
    func `it passes signals on`(signal: Int32) throws {
        let script = "trap 'echo caught; exit 3' TERM INT HUP QUIT USR1 USR2; echo ready; while :; do sleep 0.01; done"
        let run = try Run(create + ["/bin/sh", "-c", script])
        #expect(try run.line() == "ready")
        run.send(signal)
        #expect(try run.line() == "caught")
        #expect(run.waitForExit() == .status(3))
    }

    @Test func `it passes them on to a program of another user`() throws {
        let target = try Target(["--new", "pid,mount", "--mount-proc"])
        let words = ["enter", "--pid", target.pid, "--user", "1234", "--", "/bin/sh", "-c"]
        let run = try Run([Ns.path] + words + ["trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done"])
        #expect(try run.line() == "ready")
        run.send(SIGTERM)
        #expect(run.waitForExit() == .status(3))
    }

    @Test(arguments: ["0", "1234"]) func `the program dies with it, another user's too`(user: String) throws {
        let target = try Target(["--new", "pid,mount", "--mount-proc"])
        let words = ["enter", "--pid", target.pid, "--user", user, "--", "/bin/sleep", "1001"]
        let run = try Run([Ns.path] + words)
        let child = try #require(offspring(of: run.pid, named: "sleep"))
        run.send(SIGKILL)
        _ = run.waitForExit()
        #expect(eventually { proc("\(child)/comm") == nil || Status(proc("\(child)/status") ?? "").state == "Z" })
    }

    @Test(arguments: [[], ["--keep-bounding"], ["--keep-capability", "net_raw"]])
    func `with the one who started it, it dies, and the program with it`(options: [String]) throws {
        for kinds in ["uts", "pid"] {
            let words = ["create", "--new", kinds, "--die-with-parent"] + options + ["--", "/bin/sleep", "1002"]
            let run = try Run(["/bin/sh", "-c", "\"$@\"; echo never", "sh", Ns.path] + words)
            let own = try #require(offspring(of: run.pid, named: kinds == "pid" ? "mito-ns" : "sleep"))
            let sleeping = kinds == "pid" ? try #require(offspring(of: own, named: "sleep")) : own
            run.send(SIGKILL)
            #expect(eventually { !isRunning(own) && !isRunning(sleeping) })
        }
    }

    @Test func `whoever reads from the program sees the end when it closes its stdout`() throws {
        let run = try Run(create + ["/bin/sh", "-c", "exec >&- 2>&-; read line"])
        #expect(try run.line() == "")
        try run.say("go")
        #expect(run.waitForExit() != .signal(SIGKILL))
    }

    @Test(arguments: [
        ["create", "--new", "pid,mount", "--mount-proc"],
        ["create", "--new", "user,pid", "--map-user", "0:0:9", "--map-group", "0:0:9"],
        ["create", "--new", "user,uts", "--die-with-parent"],
    ])
    func `killed at any moment, it leaves nothing`(words: [String]) throws {
        let word = "\(100_000 + getpid()).\(Machine.monotonicNanoseconds)"
        for step in 0..<60 {
            let run = try Run([Ns.path] + words + ["--", "/bin/sleep", word])
            Machine.sleep(nanoseconds: Int64(step) * 100_000)
            run.send(SIGKILL)
            _ = run.waitForExit()
        }
        #expect(eventually { !isMentioned(word) })
    }

    private func isMentioned(_ word: String) -> Bool {
        guard let folder = opendir("/proc") else { return true }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let pid = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if Int32(pid) != nil, proc("\(pid)/cmdline")?.contains(word) == true { return true }
        }
        return false
    }

    private func isRunning(_ pid: Int32) -> Bool {
        guard let status = proc("\(pid)/status") else { return false }
        return Status(status).state != "Z"
    }

    private func offspring(of pid: Int32, named name: String) -> Int32? {
        var found: Int32?
        _ = eventually {
            found = proc("\(pid)/task/\(pid)/children")?.split(separator: " ").compactMap { Int32($0) }
                .first { proc("\($0)/comm") == "\(name)\n" }
            return found != nil
        }
        return found
    }
}
