import MitoLinux
import Testing

/// All system calls of `mito-ns`, seen from outside: between a `capset` that raises something and the one that lowers
/// it again there is one call, and it is in the table with just what was raised.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Ns.canTrace && Ns.hasFileCapabilities)) struct TracedTests {
    @Test func `entering as the superuser, nothing runs with a raised capability but what is in the table`() throws {
        let target = try Target(["--new", "mount,pid,net,uts,ipc"])
        let calls = try trace(["enter", "--pid", target.pid, "--user", "1234:99", "--groups", "7", "--", "/bin/true"])
        #expect(calls.findings == [])
        let raised = Set(calls.raised)
        #expect(raised.isSuperset(of: ["openat", "setns", "setgroups", "setresgid", "setresuid", "prctl"]))
    }

    @Test func `nor by file capabilities, from its first instruction on`() throws {
        let target = try Target(["--new", "mount,net,uts"])
        let workshop = try Workshop()
        let program = try workshop.program(capabilities: Ns.granted)
        let words = ["enter", "--pid", target.pid, "--user", "1234", "--", "/bin/true"]
        let calls = try trace(words, program: program, user: ["-u", "nobody"])
        #expect(calls.findings == [])
        #expect(calls.raised.contains("setns"))
    }

    @Test func `nor where namespaces and maps are made`() throws {
        let made = ["create", "--new", "user,mount,pid,uts,net", "--mount-proc", "--hostname", "lab"]
        let own = try trace(made + ["--", "/bin/true"])
        #expect(own.findings == [])
        #expect(Set(own.raised).isSuperset(of: ["unshare", "openat", "mount", "sethostname"]))
        let many = try trace(made + ["--map-user", "0:0:10", "--map-group", "0:0:10", "--", "/bin/true"])
        #expect(many.findings == [])
        #expect(many.raised.contains("write"))
    }

    @Test func `nor for an ordinary user who has everything in a namespace of his own`() throws {
        let workshop = try Workshop()
        let program = try workshop.program()
        let words = ["create", "--new", "user,mount,pid,net", "--mount-proc", "--keep-capability", "net_admin"]
        let calls = try trace(words + ["--", "/bin/true"], program: program, user: ["-u", "nobody"])
        #expect(calls.findings == [])
        #expect(calls.raised.contains("mount"))
    }

    @Test func `a call too many, and one that is not in the table, are found`() {
        let raise = "1 capset({pid=0}, {effective=1<<CAP_SYS_ADMIN, permitted=0, inheritable=0}) = 0\n"
        let lower = "1 capset({pid=0}, {effective=0, permitted=0, inheritable=0}) = 0\n"
        let setns = "1 setns(4, CLONE_NEWNET) = 0\n"
        #expect(TracedCalls(lower + raise + setns + lower).findings == [])
        #expect(TracedCalls(lower + raise + setns + "1 getpid() = 1\n" + lower).findings != [])
        #expect(TracedCalls(lower + raise + "1 mknodat(3, \"x\") = 0\n" + lower).findings.count == 1)
        #expect(TracedCalls(lower + raise + "1 chroot(\".\") = 0\n" + lower).findings.count == 1)
        let joined = "1 setns(4, CLONE_NEWUSER) = 0\n"
        #expect(TracedCalls(lower + joined + lower).findings == [])
        #expect(TracedCalls(lower + joined + "1 getpid() = 1\n").findings.count == 1)
    }

    private func trace(_ words: [String], program: String = Ns.path, user: [String] = []) throws -> TracedCalls {
        let workshop = try Workshop()
        let log = workshop.path + "/log"
        try workshop.write("", to: log)
        try Run(["/usr/bin/strace", "-f", "-s", "8", "-o", log] + user + [program] + words).succeed()
        let text = try FileDescriptor.reading(log).readAll(bytesMax: 1 << 24)
        return TracedCalls(String(decoding: text ?? [], as: UTF8.self))
    }
}

/// What a log of `strace -f` says of capabilities.
struct TracedCalls {
    /// The calls that ran with one raised.
    private(set) var raised: [String] = []
    /// What should not be.
    private(set) var findings: [String] = []

    private var effective: [Substring: Set<Substring>] = [:]
    private var callsRaised: [Substring: Int] = [:]
    private var hasLowered: Set<Substring> = []
    private var mustLower: Set<Substring> = []

    init(_ log: String) {
        for line in log.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let text = parts[1].drop { $0 == " " }
            // Signals and ends are no calls; of what another process cut in two the first half is enough.
            guard text.first?.isLetter == true, let open = text.firstIndex(of: "(") else { continue }
            read(parts[0], String(text[..<open]), text)
        }
    }

    private mutating func read(_ pid: Substring, _ call: String, _ text: Substring) {
        if call == "execve" || call == "execveat" {
            // The first is that of mito-ns, the last that of the program, which is none of ours.
            if hasLowered.contains(pid) { (effective[pid], hasLowered) = ([], hasLowered.subtracting([pid])) }
            return
        }
        if call == "fork" || call == "clone" || call == "clone3" || call == "vfork" { hasLowered.insert(child(text)) }
        guard call == "capset" else { return other(pid, call, text) }
        let start = text.firstRange(of: "effective=")?.upperBound ?? text.endIndex
        let set = text[start...].prefix { $0 != "," }
        let now = set == "0" ? [] : Set(set.split(separator: "|"))
        if !now.isEmpty, hasLowered.contains(pid), now == effective[pid] { findings.append("raised twice: \(text)") }
        if !now.isEmpty, mustLower.contains(pid) { findings.append("not lowered: \(text)") }
        (effective[pid], callsRaised[pid]) = (now, 0)
        mustLower.remove(pid)
        if now.isEmpty { hasLowered.insert(pid) }
    }

    private mutating func other(_ pid: Substring, _ call: String, _ text: Substring) {
        if mustLower.contains(pid) { findings.append("with all capabilities of a namespace: \(text)") }
        let isJoining = ["setns", "unshare"].contains(call) && text.contains("CLONE_NEWUSER") && text.hasSuffix("= 0")
        if isJoining { mustLower.insert(pid) }
        guard let raisedNow = effective[pid], !raisedNow.isEmpty else { return }
        raised.append(call)
        callsRaised[pid, default: 0] += 1
        if callsRaised[pid] != 1 { findings.append("a second call with \(raisedNow): \(text)") }
        if Self.table[call]?.contains(raisedNow) != true { findings.append("\(raisedNow) for: \(text)") }
    }

    private func child(_ text: Substring) -> Substring { text.split(separator: " ").last ?? "" }

    /// Written down once more, so that a change of what `mito-ns` does is a change here too.
    private static let table: [String: [Set<Substring>]] = [
        "openat": [
            ["1<<CAP_SYS_PTRACE"], ["1<<CAP_SYS_ADMIN"], ["1<<CAP_SETUID"], ["1<<CAP_SETGID"],
            ["1<<CAP_SETUID", "1<<CAP_SETFCAP"],
        ],
        "setns": [["1<<CAP_SYS_ADMIN"], ["1<<CAP_SYS_ADMIN", "1<<CAP_SYS_CHROOT"]],
        "unshare": [["1<<CAP_SYS_ADMIN"], ["1<<CAP_SETFCAP"]],
        "write": [["1<<CAP_SETUID"], ["1<<CAP_SETGID"]],
        "mount": [["1<<CAP_SYS_ADMIN"]],
        "sethostname": [["1<<CAP_SYS_ADMIN"]],
        "chroot": [["1<<CAP_SYS_CHROOT"]],
        "setgroups": [["1<<CAP_SETGID"]],
        "setresgid": [["1<<CAP_SETGID"]],
        "setresuid": [["1<<CAP_SETUID"]],
        "prctl": [["1<<CAP_SETPCAP"]],
    ]
}
