import MitoLinux
import Testing

/// Namespaces that are made, and what is in them.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Ns.hasUserNamespaces)) struct CreationTests {
    private func create(_ options: [String], as user: Run.User = .ordinary, _ script: String) throws -> Run.Finished {
        let workshop = try Workshop()
        return try Run([workshop.program(), "create"] + options + ["--", "/bin/sh", "-c", script], as: user).finish()
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `a starter may ignore the ends of its children`() throws {
        let map = ["--map-user", "0:0:10", "--map-group", "0:0:10"]
        func ignoring(_ words: [String]) -> [String] { ["/usr/bin/env", "--ignore-signal=CHLD", Ns.path] + words }
        let report = try Run(ignoring(["capabilities", "--json"])).succeed()
        #expect(try report == Run([Ns.path, "capabilities", "--json"]).succeed())
        let program = ["--", "/bin/grep", "SigIgn", "/proc/self/status"]
        let ignored = try Run(ignoring(["create", "--new", "user"] + map + program)).succeed()
        #expect(ignored.hasSuffix("10000\n"))
    }

    @Test func `an ordinary user is himself there, with a name and processes of his own`() throws {
        let new = ["--new", "user,mount,pid,uts", "--mount-proc", "--hostname", "lab"]
        let made = try create(new, "hostname; echo $$; cat /proc/self/setgroups; exec cat /proc/self/status")
        let lines = made.output.split(separator: "\n", maxSplits: 3).map(String.init)
        #expect(lines.prefix(3) == ["lab", "1", "deny"])
        #expect(Ns.isSuperuser ? Status(lines[3]).users.first == "65534" : true)
    }

    @Test func `what is mounted there is seen there alone`() throws {
        let keep = ["--private-mounts", "--keep-capability", "sys_admin"]
        let made = try create(
            ["--new", "user,mount"] + keep, "mount -t tmpfs none /mnt && touch /mnt/here && ls /mnt")
        #expect(made.output == "here\n")
        #expect(proc("self/mountinfo")?.contains(" /mnt ") == false)
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `the superuser maps many users, himself too`() throws {
        let maps = ["--map-user", "0:100000:1000", "--map-user", "5000:0:1", "--map-group", "0:0:65536"]
        let made = try create(["--new", "user"] + maps, as: .own, "cat /proc/self/uid_map /proc/self/gid_map; id -u")
        let numbers = made.output.split(whereSeparator: \.isWhitespace)
        #expect(numbers == ["0", "100000", "1000", "5000", "0", "1", "0", "0", "65536", "5000"])
    }

    @Test func `a map that the administrator does not let a user have is refused, with where that is said`() throws {
        let maps = ["--map-user", "0:3000000000:10", "--map-group", "0:3000000000:10"]
        let made = try create(["--new", "user"] + maps, "echo the program ran")
        #expect(made.output == "" && made.exit == .status(69))
        #expect(made.errors.contains("newuidmap"))
    }

    @Test func `a time namespace is joined by the program`() throws {
        let made = try create(["--new", "user,time"], "readlink /proc/self/ns/time")
        #expect(try made.output != Machine.link("/proc/self/ns/time") + "\n")
        #expect(made.exit == .status(0))
    }
}
