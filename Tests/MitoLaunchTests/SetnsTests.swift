@testable import MitoCore
import Testing

@testable import MitoLaunch

@Suite struct SetnsTests {
    @Test func `a context in a container is started through mito-ns, with the descriptors that it expects`() throws {
        let command = try command(["container": "web", "kind": "podman"])
        #expect(command.program == "/opt/mito-ns")
        #expect(
            command.arguments == [
                "mito-ns", "enter", "--pidfd", "--image", "--report", "--die-with-parent", "--",
                "mitogen:ada@box:7", "-c",
                "raise SystemExit('a Mitoscope context image was expected, not Python')", "-", "ada@box:7", "312",
            ])
        guard case .container(let query)? = command.entry?.target else { return #expect(Bool(false)) }
        #expect(query.arguments == ["podman", "inspect", "--format={{.State.Pid}}", "web"])
    }

    @Test func `a process or namespaces are entered as they are named`() throws {
        #expect(try command(["pid": 4711]).entry?.target == .process(4711))
        let paths = Value.dict([Value.Pair("net", "/run/netns/blue"), Value.Pair("uts", "/run/uts")])
        let words = try command(["namespaces": paths, "root": "/srv"]).arguments
        #expect(
            words.prefix(8) == [
                "mito-ns", "enter", "--namespace", "net=/run/netns/blue", "--namespace", "uts=/run/uts", "--root",
                "/srv",
            ])
    }

    @Test func `user, capabilities and the path of mito-ns are as the caller says`() throws {
        let command = try command([
            "pid": 1, "username": "www", "capabilities": .list(["net_admin", "chown"]), "mito_ns_path": "/x/mito-ns",
        ])
        #expect(command.program == "/x/mito-ns")
        let words = command.arguments
        #expect(words[6...7] == ["--user", "www"])
        #expect(words[8...12] == ["--keep-capability", "net_admin", "--keep-capability", "chown", "--"])
    }

    @Test(
        arguments: zip(
            ["docker", "podman", "lxc", "lxd", "incus", "machinectl", "nspawn"],
            [
                "docker inspect --format={{.State.Pid}} c1", "podman inspect --format={{.State.Pid}} c1",
                "lxc-info -n c1",
                "lxc info c1", "incus info c1", "machinectl status c1", "machinectl status c1",
            ]))
    func `each kind asks its own tool`(_ kind: String, _ expected: String) throws {
        #expect(try query(kind).commandLine == expected)
    }

    @Test func `a tool may have another path`() throws {
        let options: KeyValuePairs<String, Value> = ["container": "c1", "kind": "lxc", "lxc_info_path": "/opt/my info"]
        guard case .container(let query)? = try command(options).entry?.target else { return #expect(Bool(false)) }
        #expect(query.commandLine == "\"/opt/my info\" -n c1")
    }

    @Test(arguments: [
        ("docker", "4711\n"), ("podman", "4711"), ("lxc", "Name:   c1\nState:  RUNNING\nPID:    4711\n"),
        ("lxd", "Name: c1\nStatus: Running\nPid: 4711\n"), ("lxd", "Name: c1\nPID: 4711\n"),
        ("incus", "Name: c1\nStatus: RUNNING\nPID: 4711\n"),
        ("machinectl", "c1(8b1c)\n\t   Since: now\n\t  Leader: 4711 (systemd)\n"),
    ])
    func `a leader is found in what the tool prints`(_ kind: String, _ output: String) throws {
        #expect(try query(kind).leader(in: output, status: 0) == 4711)
    }

    @Test(arguments: [
        ("docker", "docker", "no\n"), ("docker", "docker", "12 13"), ("docker", "docker", "99999999999"),
        ("lxc", "lxc-info", "State: STOPPED\n"), ("lxd", "lxc", "Pid:\n"), ("machinectl", "machinectl", "Leader: x\n"),
        ("podman", "podman", "-4\n"),
    ])
    func `what is no process number is an error that shows the output`(
        _ kind: String, _ tool: String, _ output: String
    ) throws {
        let query = try query(kind)
        #expect(throws: StreamError("could not find PID from \(tool) output.\n\(output)")) {
            try query.leader(in: output, status: 0)
        }
    }

    @Test func `a tool that fails is told of in the original's words`() throws {
        let query = try query("docker")
        #expect(
            throws: StreamError("docker inspect --format={{.State.Pid}} c1 exitted with status 1: no such object\n")
        ) {
            try query.leader(in: "no such object\n", status: 1)
        }
        #expect(
            query.notExecuted("[Errno 2] No such file or directory")
                == StreamError(
                    "could not execute docker inspect --format={{.State.Pid}} c1: [Errno 2] No such file or directory"))
    }

    @Test func `a container that has no process is not running`() throws {
        let query = try query("podman")
        #expect(throws: StreamError("container 'c1' is not running: it has no process")) {
            try query.leader(in: "0\n", status: 0)
        }
    }

    @Test func `a kind that is not known is an error`() {
        #expect(throws: LaunchError.unsupportedKind("jar")) { try query("jar") }
        #expect(LaunchError.unsupportedKind("jar").description == "unsupported container kind: 'jar'")
    }

    @Test(arguments: ["-rf", "--help", "a/b", "a\nb", "a\tb", "a b", "..", ".", "a\u{7F}", "a\u{1B}[2J"])
    func `a name that could be anything else is refused`(_ name: String) {
        #expect(throws: LaunchError.noContainerName(name)) {
            try command(["container": .text(Text(name)), "kind": "docker"])
        }
    }

    @Test func `a name that ends early, or never, is refused`() {
        #expect(throws: LaunchError.badOption(name: "container", wanted: "text")) {
            try command(["container": "a\0b", "kind": "docker"])
        }
        let long = String(repeating: "x", count: 256)
        #expect(throws: LaunchError.noContainerName(long)) {
            try command(["container": .text(Text(long)), "kind": "docker"])
        }
        #expect(!"\(LaunchError.noContainerName("a\u{1B}[2J"))".contains("\u{1B}"))
    }

    @Test(
        arguments: [
            [:], ["pid": 0], ["pid": -4], ["pid": 1_099_511_627_776], ["pid": "4711"],
            ["pid": 1, "container": "c1", "kind": "lxc"],
        ] as [KeyValuePairs<String, Value>])
    func `exactly one target is named`(_ options: KeyValuePairs<String, Value>) {
        #expect(throws: LaunchError.notOneTarget) { try command(options) }
    }

    @Test(arguments: [
        Value.Pair("net", "blue"), Value.Pair("net", 3), Value.Pair("moon", "/run/x"), Value.Pair("net", "/a\0b"),
    ])
    func `a namespace is a known kind and an absolute path`(_ pair: Value.Pair) {
        #expect(throws: LaunchError.self) { try command(["namespaces": .dict([pair])]) }
    }

    @Test(arguments: ["-0", "a\nb", "a b", ""]) func `a user is one word`(_ name: String) {
        #expect(throws: LaunchError.self) { try command(["pid": 1, "username": .text(Text(name))]) }
    }

    @Test func `without mito-ns nothing is entered`() {
        #expect(throws: LaunchError.noMitoNS) { try command(["pid": 1], mitoNS: nil) }
        #expect(throws: LaunchError.noImage) { try command(["pid": 1], image: nil) }
    }
}

private func query(_ kind: String) throws -> LeaderQuery {
    try LeaderQuery(kind: kind, container: "c1", tools: [:])
}

private func command(
    _ options: KeyValuePairs<String, Value>, image: String? = "/opt/mito-agent", mitoNS: String? = "/opt/mito-ns"
) throws -> LaunchCommand {
    let plan = LaunchPlan(
        link: LinkID(1), context: ContextID(1), method: "setns",
        options: options.map { Value.Pair(.text(Text($0.key)), $0.value) }, remoteName: "ada@box:7", preambleLength: 312
    )
    return try LaunchCommand(plan, image: image, usualName: RemoteName(user: "root", host: "box", pid: 1)) { mitoNS }
}
