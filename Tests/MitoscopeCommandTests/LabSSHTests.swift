import Foundation
import TestSupport
import Testing

@testable import MitoscopeCommand

/// The system's own sshd on one host, and its ssh on another, over a link that is slow and loses packets.
@Suite(
    .enabled(
        if: Kernel.hasLabs && isInstalled("sftp") && isInstalled("/usr/sbin/sshd") && isInstalled("setpriv"),
        "no labs here, or no sshd, sftp or setpriv"), .timeLimit(.minutes(3)))
struct LabSSHTests {
    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func `the superuser's sshd is reached over a bad link, and runs what it is asked for`() throws {
        let site = try SSHSite(as: OrdinaryUser(isPrivileged: true), usesPAM: false)
        let result = try site.reach(["ssh"] + site.options + ["root@web", "hostname; wc -c"], input: site.data)
        #expect(result.output == "web\n\(site.data.count)\n" && result.status == 0, "\(result.complaints) \(site.log)")
    }

    @Test func `an ordinary user's sshd takes a file over a bad link whole`() throws {
        let site = try SSHSite(as: OrdinaryUser(), usesPAM: true)
        let result = try site.reach(
            ["sftp", "-q", "-b", "-"] + site.options + ["\(site.user.name)@web:\(site.user.folder.path)/"],
            input: Data("put data copy\n".utf8))
        #expect(result.status == 0, "\(result.complaints) \(site.log)")
        #expect(try Data(contentsOf: site.user.folder.appending(path: "copy")) == site.data)
    }
}

/// A lab of two hosts with 250 ms and one loss in a hundred packets between them, and sshd on one of the two.
private final class SSHSite {
    let user: OrdinaryUser
    let data = Data((0..<200_000).map { _ in UInt8.random(in: 0...255) })
    private let lab = "ssh-\(UInt32.random(in: 0...UInt32.max))"
    private let server: Process

    /// What ssh and sftp must be told to ask nobody.
    var options: [String] {
        let key = user.folder.appending(path: "user-key").path
        return [
            "-i", key, "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
            "LogLevel=ERROR", "-o", "BatchMode=yes", "-o", "ConnectionAttempts=20",
        ]
    }

    /// What sshd has said.
    var log: String { (try? String(contentsOf: user.folder.appending(path: "log"), encoding: .utf8)) ?? "" }

    init(as user: OrdinaryUser, usesPAM: Bool) throws {
        self.user = user
        let folder = user.folder.path
        try data.write(to: user.folder.appending(path: "data"))
        try """
        Port 22
        HostKey \(folder)/host-key
        AuthorizedKeysFile \(folder)/user-key.pub
        StrictModes no
        UsePAM \(usesPAM ? "yes" : "no")
        PidFile none
        Subsystem sftp internal-sftp

        """.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
        for key in ["host-key", "user-key"] {
            try #require(try user.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]).status == 0)
        }
        let up = try user.mitoscope([
            "lab", "up", "Scenarios/Lessons/01-first-call.yaml", "--name", lab, "--link",
            "web:delay=250ms,loss=1/100",
        ])
        try #require(up.status == 0, "\(up.complaints)")
        // The superuser's sshd wants a folder in /run, which it gets where nobody else sees it.
        let wrap = user.isPrivileged ? "mount -t tmpfs none /run && mkdir /run/sshd && " : ""
        let command = "\(wrap)exec /usr/sbin/sshd -D -e -f \(folder)/config 2>\(folder)/log"
        server = try user.start(
            ["\(folder)/mitoscope", "lab", "exec", "--name", lab, "web", "--"]
                + (user.isPrivileged ? ["unshare", "--mount"] : []) + ["sh", "-c", command])
        for _ in 0..<500 where !log.contains("Server listening") { Thread.sleep(forTimeInterval: 0.01) }
    }

    deinit {
        _ = try? user.mitoscope(["lab", "down", "--name", lab])
        server.waitUntilExit()
    }

    /// Runs a client on the other host.
    func reach(_ words: [String], input: Data) throws -> Finished {
        try user.mitoscope(["lab", "exec", "--name", lab, "master", "--"] + words, input: input)
    }
}
