import MitoCore
import Testing

struct FrameTests {
    @Test(arguments: [
        (
            Message(to: ContextID(1), from: .master, handle: .shutdown),
            "4d49000000010000000000000000" + "0000006a" + "0000000000000000"
        ),
        (
            Message(to: .master, from: ContextID(1), handle: .addRoute, payload: Array("2:local.99".utf8)),
            "4d49000000000000000100000001" + "00000067" + "000000000000000a" + "323a6c6f63616c2e3939"
        ),
        (
            Message.dead("invalid handle", to: .master, from: ContextID(1), handle: Handle(1000)),
            "4d49000000000000000100000001" + "000003e8" + "000003e70000000e" + "696e76616c69642068616e646c65"
        ),
        (
            Message(to: ContextID(7), from: ContextID(1), handle: Handle(1001), encoding: .binary, payload: [0, 1]),
            "4d4b000000070000000100000001" + "000003e9" + "0000000000000002" + "0001"
        ),
    ])
    func `a message is written as the original writes it`(message: Message, hex: String) throws {
        var bytes: [UInt8] = []
        FrameHeader(message).write(to: &bytes)
        bytes += message.payload
        #expect(bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() == hex)
        let header = try FrameHeader(bytes.span, at: 0, payloadMax: 100)
        #expect(header == FrameHeader(message))
    }

    @Test func `half a header is no header yet`() throws {
        let bytes = [UInt8](repeating: 0x4D, count: 25)
        #expect(try FrameHeader(bytes.span, at: 0, payloadMax: 100) == nil)
    }

    @Test func `an unknown signature and a length over the limit are told apart`() {
        var bytes = [UInt8](repeating: 0, count: 26)
        #expect(throws: FrameError.badSignature(0)) { try FrameHeader(bytes.span, at: 0, payloadMax: 100) }
        (bytes[0], bytes[1], bytes[25]) = (0x4D, 0x49, 101)
        #expect(throws: FrameError.tooLong(length: 101, max: 100)) {
            try FrameHeader(bytes.span, at: 0, payloadMax: 100)
        }
        bytes[25] = 100
        #expect(throws: Never.self) { try FrameHeader(bytes.span, at: 0, payloadMax: 100) }
    }

    @Test func `frames cut anywhere arrive whole and in order`() {
        for cut in 1...60 {
            var boot = HandBoot()
            boot.say("MITO000\nMITO002\n")
            var bytes: [UInt8] = []
            for text in ["one", "two", "three"] {
                let log = Message(
                    to: .master, from: ContextID(1), handle: .forwardLog, payload: Array("l\u{0}20\u{0}\(text)".utf8))
                FrameHeader(log).write(to: &bytes)
                bytes += log.payload
            }
            for start in stride(from: 0, to: bytes.count, by: cut) {
                boot.say(Array(bytes[start..<min(start + cut, bytes.count)]))
            }
            #expect(boot.logs == ["one", "two", "three"])
        }
    }
}
