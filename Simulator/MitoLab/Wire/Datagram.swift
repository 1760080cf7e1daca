/// What the wire reads of an IPv4 packet. Whatever programs may send, it is read within its bounds or refused.
struct Datagram: Hashable {
    let source: IPv4Address
    let target: IPv4Address
    /// From the first byte of its header; what follows is no part of it.
    let bytes: Int
    /// Where the header ends.
    let headerBytes: Int
    /// What it carries: 6 = TCP, 17 = UDP.
    let transport: UInt8
    /// Is it a part of a larger packet?
    let isFragment: Bool
    /// Its segment; nil for what is no TCP, is not whole, or is a fragment.
    let segment: Segment?

    /// Nil for what is no IPv4 packet.
    init?(_ packet: UnsafeRawBufferPointer) {
        guard packet.count >= 20, packet[0] >> 4 == 4 else { return nil }
        headerBytes = Int(packet[0] & 15) * 4
        bytes = Int(packet.number(at: 2) as UInt16)
        guard headerBytes >= 20, bytes >= headerBytes, bytes <= packet.count else { return nil }
        source = IPv4Address(packet.number(at: 12))
        target = IPv4Address(packet.number(at: 16))
        transport = packet[9]
        let fragment: UInt16 = packet.number(at: 6)
        isFragment = fragment & 0x3FFF != 0
        segment =
            transport == Self.tcp && !isFragment
            ? Segment(UnsafeRawBufferPointer(rebasing: packet[headerBytes..<bytes])) : nil
    }

    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17

    /// What the wire reads of a TCP segment.
    struct Segment: Hashable {
        let sourcePort: UInt16
        let targetPort: UInt16
        let sequence: UInt32
        /// What its sender has of the other end's bytes; nil when it does not say.
        let acknowledged: UInt32?
        /// The number after the last one that it takes up.
        let end: UInt32
        let isOpening: Bool
        let isReset: Bool

        fileprivate init?(_ segment: UnsafeRawBufferPointer) {
            guard segment.count >= 20 else { return nil }
            let header = Int(segment[12] >> 4) * 4
            guard header >= 20, header <= segment.count else { return nil }
            let flags = Flags(rawValue: segment[13])
            sourcePort = segment.number(at: 0)
            targetPort = segment.number(at: 2)
            sequence = segment.number(at: 4)
            acknowledged = flags.contains(.acknowledges) ? segment.number(at: 8) : nil
            let marks: UInt32 = (flags.contains(.opens) ? 1 : 0) + (flags.contains(.ends) ? 1 : 0)
            end = sequence &+ UInt32(segment.count - header) &+ marks
            isOpening = flags.contains(.opens) && acknowledged == nil
            isReset = flags.contains(.resets)
        }
    }

    /// The flags of a TCP header that matter here.
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let ends = Flags(rawValue: 0x01)
        static let opens = Flags(rawValue: 0x02)
        static let resets = Flags(rawValue: 0x04)
        static let acknowledges = Flags(rawValue: 0x10)
    }
}

extension UnsafeRawBufferPointer {
    /// A number as the network writes it, the highest byte first. Its place must be within.
    func number<Number: FixedWidthInteger>(at place: Int) -> Number {
        precondition(place >= 0 && count - place >= MemoryLayout<Number>.size, "a number lies within its packet")
        return Number(bigEndian: loadUnaligned(fromByteOffset: place, as: Number.self))
    }
}
