import Foundation
import TestSupport
import Testing

@testable import MitoscopeCommand

/// `mitoscope lab`, as its users meet it. Each test has a lab of its own.
@Suite(.enabled(if: Kernel.hasLabs, "\(Kernel.labsReason)"), .timeLimit(.minutes(5)))
struct LabCommandTests {
    private let tree = "Scenarios/Lessons/06-killed-target.yaml"

    @Test func `a lab outlives the command that starts it, and goes with lab down`() throws {
        let lab = try UpLab(tree)
        #expect(lab.output.first == "the lab '\(lab.name)' is up: master, bastion, rack, web, db")
        #expect(try mitoscope(["lab", "list"]).lines.contains("\(lab.name)  master bastion rack web db"))
        #expect(try lab.run("web", "hostname").output == "web\n")
        #expect(try mitoscope(["lab", "down", "--name", lab.name]).status == 0)
        let gone = try lab.run("web", "hostname")
        #expect(gone.status == 64 && gone.complaints.hasPrefix("Error: no lab '\(lab.name)' is running"))
        #expect(try !mitoscope(["lab", "list"]).output.contains(lab.name))
    }

    @Test func `two labs have two names`() throws {
        let lab = try UpLab(tree)
        let second = try mitoscope(["lab", "up", tree, "--name", lab.name])
        #expect(second.status == 64)
        #expect(second.complaints.contains("`mitoscope lab down --name \(lab.name)` ends it"))
    }

    @Test func `a program has its folder, its environment and its status`() throws {
        let lab = try UpLab(tree)
        let result = try lab.run(
            "db", "sh", "-c", "pwd; echo $COLOUR; echo oops >&2; exit 3", environment: ["COLOUR": "red"])
        #expect(result.output == "\(root.path)\nred\n" && result.status == 3)
        #expect(result.complaints.contains("oops"))
        #expect(try lab.run("db", "no-such-program").status == 127)
    }

    @Test func `a program whose file has capabilities runs, and has them if they are named`() throws {
        let lab = try UpLab(tree)
        #expect(try lab.run("web", "ping", "-c", "1", "db").status == 0)
        let status = ["grep", "CapEff", "/proc/self/status"]
        let named = try mitoscope(
            ["lab", "exec", "--name", lab.name, "--capability", "net_raw", "web", "--"] + status)
        #expect(named.output.hasSuffix("0000000000002000\n") || geteuid() == 0, "\(named.output)")
    }

    @Test func `hosts know each other by name, and a link is crossed in its time`() throws {
        let lab = try UpLab(tree, ["--link", "all:delay=25ms"])
        let server = try lab.start("web", "python3", "-m", "http.server", "80")
        defer { server.terminate() }
        let took = try #require(
            try lab.eventually("master", "curl", "-s", "-o", "/dev/null", "-w", "%{time_connect}", "web"))
        // Two links each way; how much longer it took is the machine's business.
        #expect(try #require(Double(took)) >= 0.1)
    }

    @Test func `what is done to a link is seen in its status, and by who sends through it`() throws {
        let lab = try UpLab(tree)
        #expect(try mitoscope(["lab", "cut", "db", "--way", "down", "--name", lab.name]).status == 0)
        #expect(try mitoscope(["lab", "set", "web", "delay=7ms", "--name", lab.name]).status == 0)
        let status = try mitoscope(["lab", "status", "--name", lab.name])
        #expect(status.output.contains(/rack → db +cut +5ms/) && status.output.contains(/rack ← db +open/))
        #expect(status.output.contains(/bastion → web +open +7ms/), "\(status.output)")
        #expect(try mitoscope(["lab", "mend", "db", "--name", lab.name]).status == 0)
        let report = try mitoscope(["lab", "status", "--json", "--name", lab.name])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any])
        #expect((object["hosts"] as? [Any])?.count == 5 && (object["links"] as? [Any])?.count == 4)
    }

    @Test func `in a mesh a link is named by its ends`() throws {
        let lab = try UpLab(tree, ["--mesh"])
        #expect(try mitoscope(["lab", "cut", "web:db", "--name", lab.name]).status == 0)
        #expect(try mitoscope(["lab", "set", "db:web", "delay=9ms", "--name", lab.name]).status == 0)
        let status = try mitoscope(["lab", "status", "--name", lab.name]).output
        #expect(status.contains(/web → db +cut +9ms/) && status.contains(/rack → db +open +5ms/), "\(status)")
    }

    @Test(arguments: [
        (["cut", "nowhere"], "there is no link 'nowhere': there are bastion, rack, web, db"),
        (["cut", "master"], "there is no link 'master'"), (["cut", "web:nowhere"], "there is no link 'web:nowhere'"),
        (["set", "nowhere:delay=1ms"], "there is no link 'nowhere'"),
        (["shell", "nowhere"], "there is no host 'nowhere': there are master, bastion, rack, web, db"),
        (["set", "web:speed=1"], "unknown key in a link 'speed'"), (["exec", "web", "--"], "no program is named"),
        (["cut", "web", "--reset", "--way", "up"], "drop --way"),
    ])
    func `what cannot be done is said, with status 64`(words: [String], why: String) throws {
        let lab = try UpLab(tree)
        let result = try mitoscope(["lab", words[0], "--name", lab.name] + words.dropFirst())
        #expect(result.status == 64 && result.complaints.contains(why), "\(result.complaints)")
    }

    @Test func `twelve lessons and more pass for a user without any privilege`() throws {
        let user = try OrdinaryUser()
        let result = try user.mitoscope(["lab", "run", "Scenarios/Lessons"])
        #expect(result.status == 0, "\(result.output)\(result.complaints)")
        #expect(result.lines.count { $0.hasPrefix("passed") } >= 12)
    }

    @Test func `a machine without labs is told once, and the other worlds are still run`() throws {
        let result = try mitoscope(
            ["run", "Scenarios/Lessons/01-first-call.yaml", "Scenarios/Lessons/05-time-out.yaml", "--world", "all"],
            ["MITOSCOPE_NS": "/nonexistent"])
        #expect(result.status == 0)
        #expect(result.complaints.ranges(of: "the world `lab` is left out: ").count == 1)
        #expect(result.lines.last == "4 runs: 4 passed")
    }

    @Test func `a folder for packets that cannot be made is the user's mistake`() throws {
        let result = try mitoscope(["lab", "up", tree, "--name", "none", "--pcap", "/proc/none"])
        #expect(result.status == 64 && result.complaints.contains("packets cannot be kept in '/proc/none'"))
    }

    @Test func `where no lab can be had, the status is 69`() throws {
        let result = try mitoscope(["lab", "up", tree, "--name", "none"], ["MITOSCOPE_LAB": "/nonexistent"])
        #expect(result.status == 69)
        #expect(result.complaints.contains("there is no program '/nonexistent'"))
        #expect(result.complaints.contains("`mitoscope doctor` says what this machine lacks"))
    }
}
