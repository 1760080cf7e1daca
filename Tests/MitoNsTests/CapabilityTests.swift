import MitoLinux
import Testing

/// What the program that `mito-ns` becomes may do, read by the program itself.
@Suite(.timeLimit(.minutes(2)), .serialized) struct CapabilityTests {
    @Test(.enabled(if: Ns.isSuperuser)) func `a program entered by the superuser has no capability left`() throws {
        let target = try Target(["--new", "net,uts,ipc,mount"])
        let status = try Status(
            Run([Ns.path, "enter", "--pid", target.pid, "--", "/bin/cat", "/proc/self/status"]).succeed())
        #expect(status.capabilities == Status.nothing)
        #expect(status.isWithoutNewPrivileges)
        #expect(status.users == ["0", "0", "0", "0"])
    }

    @Test(.enabled(if: Ns.hasFileCapabilities)) func `nor one entered by file capabilities`() throws {
        let workshop = try Workshop()
        let program = try workshop.program(capabilities: Ns.granted)
        let target = try Target(["--new", "net,uts,pid,mount"])
        let words = ["enter", "--pid", target.pid, "--user", "1234:99", "--", "/bin/cat", "/proc/self/status"]
        let status = try Status(Run([program] + words, as: .ordinary).succeed())
        #expect(status.capabilities == Status.nothing)
        #expect(status.isWithoutNewPrivileges)
        #expect(status.users == ["1234", "1234", "1234", "1234"])
        #expect(status.groups == ["99", "99", "99", "99"])
        #expect(status.otherGroups == [])
    }

    @Test(.enabled(if: Ns.hasFileCapabilities)) func `file capabilities obey no wish for Swift's runtime`() throws {
        let workshop = try Workshop()
        let program = try workshop.program(capabilities: Ns.granted)
        let wishes = ["SWIFT_DEBUG_HELP=1", "SWIFT_DEBUG_LIB_PRESPECIALIZED_PATH=/nowhere", "SWIFT_ROOT=/", "HOME=/x"]
        let words = ["/usr/bin/env", "-i"] + wishes + [program, "enter", "--root", "/", "--", "/usr/bin/env"]
        let finished = try Run(words, as: .ordinary).finish()
        #expect(finished.errors == "" && finished.output == "SWIFT_ROOT=/\nHOME=/x\n")
        let entering = [Ns.path, "enter", "--root", "/", "--", "/usr/bin/env"]
        let own = try Run(["/usr/bin/env", "-i", "SWIFT_DEBUG_X=1"] + entering)
        #expect(try own.succeed() == "SWIFT_DEBUG_X=1\n")
    }

    @Test(.enabled(if: Ns.hasUserNamespaces)) func `nor one in namespaces that an ordinary user made`() throws {
        let workshop = try Workshop()
        let program = try workshop.program()
        let words = ["create", "--new", "user,mount,pid,net,uts,ipc,cgroup,time", "--mount-proc", "--"]
        let status = try Status(Run([program] + words + ["/bin/cat", "/proc/self/status"], as: .ordinary).succeed())
        #expect(status.capabilities == Status.nothing)
        #expect(status.isWithoutNewPrivileges)
    }

    @Test(.enabled(if: Ns.hasUserNamespaces)) func `nor one that an ordinary user enters`() throws {
        let workshop = try Workshop()
        let target = try Target(["--new", "user,net,uts"], program: workshop.program(), as: .ordinary)
        let words = ["enter", "--pid", target.pid, "--", "/bin/cat", "/proc/self/status"]
        let status = try Status(Run([workshop.path + "/mito-ns"] + words, as: .ordinary).succeed())
        #expect(status.capabilities == Status.nothing)
        #expect(status.isWithoutNewPrivileges)
    }

    @Test(.enabled(if: Ns.hasUserNamespaces)) func `what is kept by name is all that is kept, through exec too`() throws
    {
        let workshop = try Workshop()
        let words = [
            "create", "--new", "user,net", "--keep-capability", "net_admin", "--", "/bin/cat", "/proc/self/status",
        ]
        let status = try Status(Run([workshop.program()] + words, as: .ordinary).succeed())
        let netAdmin: UInt64 = 1 << 12
        #expect(status.capabilities == [netAdmin, netAdmin, netAdmin, 0, netAdmin])
        #expect(status.isWithoutNewPrivileges)
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `a superuser who keeps one has that one, after another user too`() throws {
        for user in ["0", "1234"] {
            let words = ["create", "--new", "net", "--user", user, "--keep-capability", "CAP_NET_RAW", "--"]
            let status = try Status(Run([Ns.path] + words + ["/bin/cat", "/proc/self/status"]).succeed())
            let raw: UInt64 = 1 << 13
            #expect(status.capabilities == [raw, raw, raw, 0, raw])
        }
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `the bounding set and new privileges stay when that is asked for`() throws
    {
        let own = try #require(proc("self/status").map(Status.init))
        let words = ["create", "--new", "net", "--keep-bounding", "--allow-new-privileges", "--user", "1234", "--"]
        let status = try Status(Run([Ns.path] + words + ["/bin/cat", "/proc/self/status"]).succeed())
        #expect(status.capabilities == [0, 0, 0, own.capabilities[3], 0])
        #expect(!status.isWithoutNewPrivileges)
    }

    @Test(.enabled(if: Ns.isSuperuser)) func `what is missing is named, and how to grant it`() throws {
        let workshop = try Workshop()
        let target = try Target(["--new", "net"])
        let program = try workshop.program()
        let words = ["enter", "--pid", target.pid, "--", "/bin/true"]
        let finished = try Run([program] + words, as: .ordinary).finish()
        #expect(finished.exit == .status(69))
        #expect(finished.errors.contains("cap_sys_ptrace"))
        #expect(finished.errors.contains("setcap ") && finished.errors.contains("cap_sys_admin"))
        let joining = try Run([program, "create", "--new", "net", "--", "/bin/true"], as: .ordinary).finish()
        #expect(joining.exit == .status(69))
        #expect(joining.errors.contains("cap_sys_admin"))
        let keeping = try Run(
            [program, "create", "--new", "net", "--keep-capability", "sys_boot", "--", "/bin/true"], as: .ordinary
        ).finish()
        #expect(keeping.exit == .status(69))
    }

    @Test func `what it may do here is listed, row by row`() throws {
        let text = try Run([Ns.path, "capabilities"]).succeed()
        #expect(text.contains("setns") && text.contains("cap_sys_admin"))
        let ordinary = try Workshop()
        let other = try Run([ordinary.program(), "capabilities", "--json"], as: .ordinary).succeed()
        #expect(other.contains(#""held":[],"#) && other.contains(#""grant":["chgrp GROUP "#))
    }
}
