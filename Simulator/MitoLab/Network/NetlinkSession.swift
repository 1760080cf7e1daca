import Glibc
import MitoLinux

/// What requests to the kernel go through.
protocol NetlinkTransport: ~Copyable {
    /// Hands over one request.
    func send(_ bytes: [UInt8]) throws(SystemError)
    /// Waits for the next datagram of the answer.
    func receive() throws(SystemError) -> [UInt8]
}

/// Requests to the kernel's rtnetlink, one after another, each with its answer.
///
/// ```swift
/// var session = NetlinkSession(try NetlinkSocket())
/// try session.perform(message, "netlink newlink eth0")
/// ```
struct NetlinkSession<Transport: NetlinkTransport & ~Copyable>: ~Copyable {
    let transport: Transport
    private var sequence: UInt32 = 0

    init(_ transport: consuming Transport) { self.transport = transport }

    /// Sends a request and waits until the kernel has done it; its refusal is the error, with the request's name.
    mutating func perform(_ message: NetlinkMessage, _ name: String) throws(SystemError) {
        sequence &+= 1
        try transport.send(message.bytes(sequence: sequence))
        while true {
            let datagram = try transport.receive()
            // What is cut short, or answers something else, is passed over: another answer is still to come.
            guard let code = NetlinkAnswer.code(in: datagram, to: sequence) else {
                if datagram.isEmpty { throw SystemError(name, EIO) }
                continue
            }
            if code != 0 { throw SystemError(name, code) }
            return
        }
    }
}

/// The kernel's word on a request.
enum NetlinkAnswer {
    /// The `errno` with which a request was refused, 0 when it was done; nil when the datagram holds no answer to it.
    static func code(in datagram: [UInt8], to sequence: UInt32) -> Int32? {
        var start = 0
        while datagram.count - start >= NetlinkMessage.headerBytes {
            let count = Int(number(UInt32.self, in: datagram, at: start))
            guard count >= NetlinkMessage.headerBytes, count <= datagram.count - start else { return nil }
            if number(UInt16.self, in: datagram, at: start + 4) == error, count >= NetlinkMessage.headerBytes + 4,
                number(UInt32.self, in: datagram, at: start + 8) == sequence
            {
                return 0 &- number(Int32.self, in: datagram, at: start + NetlinkMessage.headerBytes)
            }
            start += (count + 3) & ~3
        }
        return nil
    }

    /// The kind of message that says how a request went, also when it went well.
    private static let error: UInt16 = 2

    private static func number<Number: FixedWidthInteger>(
        _: Number.Type, in bytes: [UInt8], at start: Int
    ) -> Number {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Number.self) }
    }
}
