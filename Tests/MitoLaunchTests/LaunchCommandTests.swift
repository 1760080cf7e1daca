@testable import MitoCore
import Testing

@testable import MitoLaunch

@Suite struct LaunchCommandTests {
    @Test func `a local child is started as Python would be`() throws {
        let command = try command(plan(), image: "/opt/mito-agent")
        #expect(command.program == "/opt/mito-agent")
        #expect(
            command.arguments == [
                "mitogen:ada@box:7", "-c",
                "raise SystemExit('a Mitoscope context image was expected, not Python')", "-", "ada@box:7", "312",
            ])
        #expect(command.environment == [])
    }

    @Test func `a python path replaces the image`() throws {
        let command = try command(plan(["python_path": "/opt/other"]), image: "/opt/mito-agent")
        #expect(command.program == "/opt/other")
        #expect(command.arguments.first == "mitogen:ada@box:7")
    }

    @Test func `a python path of several words keeps its own name`() throws {
        let path = Value.list(["env", "A=1", "mito-agent"])
        let command = try command(plan(["python_path": path]), image: "/opt/mito-agent")
        #expect(command.program == "env")
        #expect(command.arguments.prefix(4) == ["env", "A=1", "mito-agent", "-c"])
    }

    @Test func `a python path of None is the image`() throws {
        #expect(try command(plan(["python_path": .none]), image: "/opt/mito-agent").program == "/opt/mito-agent")
    }

    @Test(arguments: [Value.int(1), .list([]), .list([.int(1)]), .text(""), .text("a\0b")])
    func `a python path that is no command is an error`(_ path: Value) {
        #expect(throws: LaunchError.badOption(name: "python_path", wanted: "text or a non-empty list of texts")) {
            try command(plan(["python_path": path]), image: "/opt/mito-agent")
        }
    }

    @Test func `an unknown method is an error that names the known ones`() {
        var plan = plan()
        plan.method = "teleport"
        #expect(throws: LaunchError.unknownMethod("teleport")) { try command(plan, image: "x") }
        #expect(
            LaunchError.unknownMethod("teleport").description
                == "unknown connection method 'teleport'; known: local, setns")
    }

    @Test func `a context's name is what the process calls itself, and the usual name where there is none`() throws {
        var plan = plan()
        plan.remoteName = "racks/web"
        #expect(try command(plan, image: "x").arguments[0] == "mitogen:racks_web")
        plan.remoteName = ""
        #expect(try command(plan, image: "x").arguments[0] == "mitogen:root@box:1")
    }

    @Test func `a remote name that somebody chose wins`() throws {
        #expect(try command(plan(["remote_name": "me"]), image: "x").arguments[0] == "mitogen:me")
        #expect(throws: LaunchError.slashInRemoteName) { try command(plan(["remote_name": "a/b"]), image: "x") }
    }

    @Test func `without an image nothing is started`() throws {
        #expect(throws: LaunchError.noImage) { try command(plan(), image: nil) }
        #expect(try command(plan(["python_path": "p"]), image: nil).program == "p")
    }

    @Test(arguments: ["a/b", "a\\b"]) func `a remote name has no slash`(_ name: String) {
        #expect(throws: LaunchError.slashInRemoteName) { try RemoteName(name) }
        #expect(LaunchError.slashInRemoteName.description == "remote_name= cannot contain slashes")
    }

    @Test func `the usual remote name has no slash either`() {
        let name = RemoteName(user: "CORP\\ada", host: "box/1", pid: 123)
        #expect(name.text == "CORP_ada@box_1:123")
    }
}

private func plan(_ options: KeyValuePairs<String, Value> = [:]) -> LaunchPlan {
    LaunchPlan(
        link: LinkID(1), context: ContextID(1), method: "local",
        options: options.map { Value.Pair(.text($0.key), $0.value) }, remoteName: "ada@box:7", preambleLength: 312)
}

private func command(_ plan: LaunchPlan, image: String?) throws -> LaunchCommand {
    try LaunchCommand(plan, image: image, usualName: RemoteName(user: "root", host: "box", pid: 1))
}
