import Foundation
import Testing

@testable import MitoLab

/// Real programs on real interfaces.
@Suite(
    .enabled(if: LabWire.isPossible, "no user and network namespaces may be made here, or there is no python3"),
    .timeLimit(.minutes(2)))
struct WireTests {
    @Test func `a host has its name, its address and nothing else`() throws {
        let wire = try LabWire()
        #expect(try wire.run(in: 1, ["uname", "-n"]) == "host1\n")
        let addresses = try wire.run(in: 1, ["cat", "/proc/net/fib_trie"])
        #expect(addresses.contains("10.77.0.2") && !addresses.contains("10.77.0.1\n"))
        let interfaces = try wire.run(in: 1, ["cat", "/proc/net/dev"]).split(separator: "\n").dropFirst(2)
        #expect(interfaces.map { $0.drop { $0 == " " }.prefix { $0 != ":" } } == ["lo", "eth0"])
        #expect(try !wire.run(in: 1, ["cat", "/proc/net/if_inet6"]).contains("eth0"))
    }

    @Test func `programs of two hosts talk over the hosts between`() throws {
        let wire = try LabWire(hosts: 4)
        let (caller, listener) = try wire.connection(from: 3, to: 0)
        caller.say("send 1000000")
        #expect(listener.ask("take 1000000") == "done" && caller.line() == "done")
        #expect(wire.count("up", "bytes") > 1_000_000)
        #expect(wire.count("up", "astray") == 0)
    }

    @Test func `in a mesh they talk past the hosts between`() throws {
        let wire = try LabWire(hosts: 4, topology: "mesh")
        wire.order("cut")
        let (caller, listener) = try wire.connection(from: 3, to: 0)
        caller.say("send 1000000")
        #expect(listener.ask("take 1000000") == "done")
        #expect(wire.count("up", "packets") == 0)
    }

    @Test(
        .enabled(if: LabWire.isPossibleUnprivileged, "an ordinary user may not make namespaces, or not read the build"))
    func `an ordinary user has a wire, too`() throws {
        let wire = try LabWire(isUnprivileged: true)
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        caller.say("send 1000000")
        #expect(listener.ask("take 1000000") == "done")
    }

    @Test(.enabled(if: LabWire.has("curl"), "curl is not installed"))
    func `a link of 50 ms takes that long each way for a foreign program`() throws {
        let wire = try LabWire()
        let server = try wire.start(in: 0, "python3", "-m", "http.server", "80")
        func curl(_ figure: String) throws -> Double {
            let words = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{\(figure)}", "10.77.0.1"]
            return try #require(Double(wire.run(in: 1, words)))
        }
        while try curl("http_code") != 200 {}
        wire.order("set 50000 0 0")
        let times = try (0..<5).map { _ in try curl("time_connect") }
        #expect(times.allSatisfy { $0 >= 0.1 })
        print("a round trip over 50 ms each way, in ms:", times.map { String(format: "%.1f", $0 * 1000) })
        server.kill()
    }

    @Test func `TCP sends again into a silent cut, and goes on when it is mended`() throws {
        let wire = try LabWire()
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        let before = try wire.retransmissions(of: 1)
        wire.order("cut")
        #expect(caller.ask("send 5000") == "done")
        while try wire.retransmissions(of: 1) < before + 2 {}
        #expect(wire.count("up", "cut") > 0)
        wire.order("mend")
        #expect(listener.ask("take 5000") == "done")
    }

    @Test func `what is cut one way is heard the other way`() throws {
        let wire = try LabWire()
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        wire.order("cut up")
        #expect(listener.ask("send 5000") == "done")
        #expect(caller.ask("take 5000") == "done")
        wire.order("mend")
    }

    @Test func `a reset ends connections at both ends, and new ones are made`() throws {
        let wire = try LabWire()
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        caller.say("send 3000000")
        #expect(listener.ask("take 1000000") == "done")
        wire.order("reset")
        #expect(listener.ask("take 3000000") == "ConnectionResetError")
        // Its bytes were on their way, or it was about to send more of them.
        #expect(["done", "ConnectionResetError", "BrokenPipeError"].contains(caller.line()))
        #expect(["ConnectionResetError", "BrokenPipeError"].contains(caller.ask("send 1")))
        listener.kill()
        let (again, other) = try wire.connection(from: 1, to: 0)
        again.say("send 5000")
        #expect(other.ask("take 5000") == "done")
    }

    @Test func `an idle connection hears of a reset without a word of its own`() throws {
        let wire = try LabWire()
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        wire.order("reset")
        #expect(listener.ask("take 1") == "ConnectionResetError")
        #expect(caller.ask("take 1") == "ConnectionResetError")
    }

    @Test func `what is lost is sent again and comes whole`() throws {
        let wire = try LabWire()
        wire.order("set 1000 0 50")
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        caller.say("send 2000000")
        #expect(listener.ask("take 2000000") == "done")
        #expect(wire.count("up", "lost") > 0)
    }

    @Test func `a link that becomes narrow takes single packets of connections that exist`() throws {
        let wire = try LabWire()
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        func send() -> (packets: Int, bytes: Int) {
            let before = (wire.count("up", "packets"), wire.count("up", "bytes"))
            caller.say("send 2000000")
            #expect(listener.ask("take 2000000") == "done" && caller.line() == "done")
            return (wire.count("up", "packets") - before.0, wire.count("up", "bytes") - before.1)
        }
        let (fewer, _) = send()
        wire.order("set 0 20000000 0")
        let (more, bytes) = send()
        #expect(more >= bytes / Int(HostNetwork.mtu) && fewer < more / 2)
    }

    @Test func `a capture is right in every header, and has both ways`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lab-wire-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let wire = try LabWire(folder: folder)
        wire.order("set 1000 0 0")
        let (caller, listener) = try wire.connection(from: 1, to: 0)
        caller.say("send 100000")
        #expect(listener.ask("take 100000") == "done")
        let records = try PcapRecords(Data(contentsOf: folder.appending(path: "host1.pcap")))
        #expect(Set(records.datagrams.map(\.source)).count == 2)
        #expect(records.areChecksumsRight && records.areTimesInOrder)
        #expect(records.datagrams.contains { $0.bytes > 1500 })
    }

    @Test func `hosts go with their wire, however that ends`() throws {
        let wire = try LabWire(hosts: 3)
        wire.kill()
        for host in wire.hosts { while kill(host, 0) == 0 { usleep(1000) } }
    }
}

/// The packets of a file as they are read again.
private struct PcapRecords {
    var datagrams: [Datagram] = []
    var areChecksumsRight = true
    var areTimesInOrder = true

    init(_ data: Data) throws {
        let bytes = Array(data)
        func number(_ place: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }
        try #require(bytes.count >= 24 && number(0) == 0xA1B2_3C4D && number(20) == 101)
        var (place, last) = (24, 0)
        while place < bytes.count {
            let time = number(place) * 1_000_000_000 + number(place + 4)
            areTimesInOrder = areTimesInOrder && time >= last
            last = time
            let packet = Array(bytes[(place + 16)..<(place + 16 + number(place + 8))])
            datagrams.append(try #require(packet.withUnsafeBytes(Datagram.init)))
            var filled = packet
            Checksum.fill(&filled)
            areChecksumsRight = areChecksumsRight && filled == packet
            place += 16 + packet.count
        }
    }
}
