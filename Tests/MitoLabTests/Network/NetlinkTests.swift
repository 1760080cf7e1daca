import MitoLinux
import Testing

@testable import MitoLab

@Suite struct NetlinkTests {
    @Test func `a request is what the kernel's headers say`() {
        #expect(
            NetlinkMessage.up(2, asksForAddresses: false).bytes(sequence: 9) == [
                // 32 bytes; new link; request, acknowledge; number 9; to the kernel.
                32, 0, 0, 0, 16, 0, 5, 0, 9, 0, 0, 0, 0, 0, 0, 0,
                // Any family; interface 2; flags up and without address resolution; of these two.
                0, 0, 0, 0, 2, 0, 0, 0, 0x81, 0, 0, 0, 0x81, 0, 0, 0,
            ])
    }

    @Test func `an address is given as local and as its network's`() {
        let bytes = NetlinkMessage.address(IPv4Address(10, 77, 0, 1), prefixBits: 16, of: 3).bytes(sequence: 1)
        #expect(
            bytes[16...] == [
                2, 16, 0, 0, 3, 0, 0, 0, 8, 0, 2, 0, 10, 77, 0, 1, 8, 0, 1, 0, 10, 77, 0, 1,
            ])
    }

    @Test func `attributes lie within attributes, each filled up to four bytes`() {
        let bytes = NetlinkMessage.pair(
            "eth0", hardwareAddress: [2, 0, 0, 0, 0, 1], mtu: 1500, peer: "w7", in: 5
        ).bytes(sequence: 1)
        #expect(Int(bytes[0]) == bytes.count && bytes.count % 4 == 0)
        #expect(
            bytes[32...] == [
                // Its name, hardware address and mtu.
                9, 0, 3, 0, 0x65, 0x74, 0x68, 0x30, 0, 0, 0, 0, 10, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 0,
                8, 0, 4, 0, 0xDC, 5, 0, 0,
                // Its kind is veth; then the peer, which is an interface again.
                64, 0, 18, 0, 9, 0, 1, 0, 0x76, 0x65, 0x74, 0x68, 0, 0, 0, 0, 48, 0, 2, 0, 44, 0, 1, 0,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                7, 0, 3, 0, 0x77, 0x37, 0, 0, 8, 0, 4, 0, 0xDC, 5, 0, 0, 8, 0, 28, 0, 5, 0, 0, 0,
            ])
    }

    /// What the kernel answers to request 1.
    private func answer(_ code: Int32, to sequence: UInt8 = 1) -> [UInt8] {
        let bytes: [UInt8] = [36, 0, 0, 0, 2, 0, 0, 1, sequence, 0, 0, 0, 9, 0, 0, 0]
        return bytes + withUnsafeBytes(of: -code) { Array($0) } + [UInt8](repeating: 0, count: 16)
    }

    @Test func `a request that was done is done`() throws {
        var session = NetlinkSession(Recorded([answer(0)]))
        try session.perform(.up(1), "netlink newlink lo up")
    }

    @Test func `a refusal has the request's name`() {
        var session = NetlinkSession(Recorded([answer(1)]))
        #expect(throws: SystemError("netlink newlink lo up", 1)) {
            try session.perform(.up(1), "netlink newlink lo up")
        }
    }

    @Test func `answers to others, and what is none, are passed over`() {
        let noise: [[UInt8]] = [
            [1], answer(5, to: 7), Array(answer(5).prefix(18)), [0, 0, 0, 0] + answer(5), answer(17),
        ]
        var session = NetlinkSession(Recorded(noise))
        #expect(throws: SystemError("x", 17)) { try session.perform(.up(1), "x") }
    }
}

/// Plays back what a kernel said.
private final class Recorded: NetlinkTransport {
    private var answers: [[UInt8]]

    init(_ answers: [[UInt8]]) { self.answers = answers }

    func send(_ bytes: [UInt8]) throws(SystemError) {}
    func receive() throws(SystemError) -> [UInt8] { answers.isEmpty ? [] : answers.removeFirst() }
}
