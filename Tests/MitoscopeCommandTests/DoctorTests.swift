import Foundation
import Testing

@testable import MitoscopeCommand

/// What `mitoscope doctor` sees of a machine, and of one that lacks something.
@Suite(.timeLimit(.minutes(2)))
struct DoctorTests {
    @Test func `where both worlds can be had, the status is 0, and each check has a line`() throws {
        let result = try mitoscope(["doctor"])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.lines.map { $0.dropFirst(5).prefix { $0 != " " } } == MachineChecks.all.map { word(of: $0) })
        #expect(result.lines[0] == "yes  sim         a call came back in virtual time")
        #expect(result.lines[1].hasPrefix("yes  live"))
    }

    @Test func `without a program to start contexts from, the status is 69, and how to get one is said`() throws {
        let result = try mitoscope(["doctor"], ["MITOSCOPE_AGENT": "/nonexistent"])
        #expect(result.status == 69)
        #expect(result.lines[0].hasPrefix("yes  sim"))
        #expect(result.lines[1].hasPrefix("no   live        there is no program '/nonexistent'"))
        #expect(result.lines[1].contains("`swift build -c release --product mito-agent` builds one"))
        #expect(result.lines[2].hasPrefix("no   image"))
        #expect(result.lines[2].hasSuffix("→ `make run` builds it, MITOSCOPE_AGENT names another"))
    }

    @Test func `a program that is no context is called that`() throws {
        let result = try mitoscope(
            ["run", "Scenarios/Lessons/01-first-call.yaml", "--world", "live"], ["MITOSCOPE_AGENT": "/bin/cat"])
        #expect(result.status == 5)
        #expect(result.output.contains("'/bin/cat' is no mito-agent, or it ended at once: EOF on stream"))
    }

    @Test func `a report for programs is one object for each line`() throws {
        let result = try mitoscope(["doctor", "--json"], ["PATH": "/nonexistent"])
        let objects = try result.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.count == MachineChecks.all.count)
        #expect(objects.filter { $0["isRequired"] as? Bool == true }.count == 4)
        let ssh = try #require(objects.first { $0["check"] as? String == "ssh" })
        #expect(ssh["isThere"] as? Bool == false && ssh["found"] as? String == "not installed")
        #expect((ssh["remedy"] as? String)?.hasPrefix("apt-get install openssh-client") == true)
    }

    @Test func `a program is tried, and what it says is kept`() throws {
        let said = try #require(ProgramRun("sh", ["-c", "echo one; echo two >&2; exit 3"]))
        #expect(said.status == 3 && said.output == "one\ntwo\n" && said.firstLine == "one")
        #expect(ProgramRun("no-such-program", []) == nil)
        #expect(ProgramRun("sh", ["-c", "kill -9 $$"])?.status == 137)
    }

    @Test func `a program that leaves its output open is not waited for`() throws {
        #expect(ProgramRun("sh", ["-c", "sleep 15 & echo begun"])?.firstLine == "begun")
    }

    @Test func `too few descriptors are noticed`() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = root
        process.arguments = ["-c", "ulimit -n 200; .build/debug/mitoscope doctor"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.contains("no   open files  only 1"), "\(text)")
    }

    @Test func `a limit of a control group is read, and the lack of one too`() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path("group"), withIntermediateDirectories: false)
        let group = ControlGroup(path: folder.path("group"))
        try "512\n".write(toFile: folder.path("group") + "/pids.max", atomically: true, encoding: .utf8)
        try "max\n".write(toFile: folder.path("group") + "/memory.max", atomically: true, encoding: .utf8)
        #expect(group.number("pids.max") == 512)
        #expect(group.number("memory.max") == nil && group.number("pids.current") == nil)
        #expect(
            KernelSetting("user/max_user_namespaces").command(settingTo: 1) == "sysctl -w user.max_user_namespaces=1")
    }

    /// The beginning of its line, up to the first space.
    private func word(of check: any MachineCheck) -> Substring { check.name.prefix { $0 != " " } }
}
