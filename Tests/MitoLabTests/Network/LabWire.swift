import TestSupport
import Foundation
import Testing

/// A wire with hosts in namespaces of its own, in a process that ends with this one; see `Tests/LabWire`.
final class LabWire {
    /// The hosts' idle processes.
    let hosts: [Int32]
    private let process: Talk

    /// - Parameters:
    ///   - hosts: how many, one below another.
    ///   - topology: `tree` or `mesh`.
    ///   - isUnprivileged: as an ordinary user, whoever runs the tests.
    ///   - folder: where captures go.
    init(hosts: Int = 2, topology: String = "tree", isUnprivileged: Bool = false, folder: URL? = nil) throws {
        user = isUnprivileged ? asOrdinaryUser : []
        process = try Talk(user + Self.enter + [Self.program, topology, "\(hosts)"] + [folder?.path].compactMap { $0 })
        self.hosts = process.line().split(separator: " ").compactMap { Int32($0) }
        try #require(self.hosts.count == hosts, "the wire did not come up")
    }

    /// For the link of host 1.
    func order(_ text: String) { #expect(process.ask(text) == "ok") }

    /// A number that the wire counts for the link of host 1, or for all.
    func count(_ way: String, _ name: String) -> Int {
        let words = process.ask("status").split(separator: " ").map(String.init)
        let start = words.firstIndex(of: way) ?? words.count
        guard let place = words[start...].firstIndex(of: name), place + 1 < words.count else { return -1 }
        return Int(words[place + 1]) ?? -1
    }

    /// Starts a program in a host.
    func start(in host: Int, _ words: String...) throws -> Talk { try Talk(wayInto(host) + words) }

    /// Runs a program in a host to its end, and gives what it printed.
    func run(in host: Int, _ words: [String]) throws -> String { try Talk(wayInto(host) + words).rest() }

    /// Two ends of one connection, the first one's being the host that was asked.
    func connection(from source: Int, to target: Int) throws -> (Talk, Talk) {
        let listener = try start(in: target, "python3", "-c", Self.peer, "listen")
        #expect(listener.line() == "ready")
        let caller = try start(in: source, "python3", "-c", Self.peer, "10.77.0.\(target + 1)")
        #expect(caller.line() == "connected" && listener.line() == "connected")
        return (caller, listener)
    }

    /// How many segments TCP of a host has sent again.
    func retransmissions(of host: Int) throws -> Int {
        let lines = try run(in: host, ["cat", "/proc/net/snmp"]).split(separator: "\n").filter { $0.hasPrefix("Tcp:") }
        let (names, numbers) = (lines[0].split(separator: " "), lines[1].split(separator: " "))
        return Int(numbers[names.firstIndex(of: "RetransSegs")!])!
    }

    /// Ends the wire as a crash would.
    func kill() { process.kill() }

    /// May this machine's user make namespaces?
    static let isPossible = (try? Talk(enter + ["echo", "yes"]).rest()) == "yes\n" && hasPython
    /// May an ordinary user? Only root can try as somebody else.
    static let isPossibleUnprivileged =
        isPossible && (try? Talk(asOrdinaryUser + enter + [program, "tree", "0"]).line()) == ""

    /// Obeys `send N` and `take N`, and says `done`, or what went wrong; the bytes are always the same ones.
    private static let peer = """
        import socket, sys
        if sys.argv[1] == "listen":
            server = socket.create_server(("", 80))
            print("ready", flush=True)
            stream, _ = server.accept()
        else:
            stream = socket.create_connection((sys.argv[1], 80))
        print("connected", flush=True)
        for line in sys.stdin:
            word, count = line.split()
            wanted = (bytes(range(251)) * (int(count) // 251 + 1))[:int(count)]
            try:
                if word == "send":
                    stream.sendall(wanted)
                else:
                    taken = b""
                    while len(taken) < len(wanted):
                        part = stream.recv(len(wanted) - len(taken))
                        assert part
                        taken += part
                    assert taken == wanted
                print("done", flush=True)
            except Exception as error:
                print(type(error).__name__, flush=True)
        """

    private let user: [String]
    private static let enter = ["unshare", "--user", "--map-root-user", "--net", "--uts"]
    private static let hasPython = (try? Talk(["python3", "-c", "print(1)"]).rest()) == "1\n"
    /// Is a program installed?
    static func has(_ program: String) -> Bool { (try? Talk(["sh", "-c", "command -v \(program)"]).rest()) != "" }
    private static let program = Built.path("lab-wire")

    private func wayInto(_ host: Int) -> [String] {
        user + ["nsenter", "--target", "\(hosts[host])", "--user", "--preserve-credentials", "--net", "--uts"]
    }
}

/// A program that is talked with, a line at a time; it is ended with its last user here.
final class Talk {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var text = Data()

    init(_ words: [String]) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { kill() }

    func say(_ line: String) { try? input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8)) }

    /// Waits for the next line; empty at the end.
    func line() -> String {
        while true {
            if let end = text.firstIndex(of: UInt8(ascii: "\n")) {
                defer { text.removeSubrange(...end) }
                return String(decoding: text[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return "" }
            text += more
        }
    }

    func ask(_ line: String) -> String {
        say(line)
        return self.line()
    }

    /// Waits for the end, and gives all that was not read.
    func rest() throws -> String {
        try input.fileHandleForWriting.close()
        while case let more = output.fileHandleForReading.availableData, !more.isEmpty { text += more }
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
