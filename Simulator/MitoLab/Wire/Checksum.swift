/// The internet's checksum: the ones' complement of the sum of all pairs of bytes.
enum Checksum {
    /// Computes those of the IPv4 header, and of the TCP or UDP that is whole in it, anew. What is no such packet stays
    /// as it is.
    static func fill(_ packet: inout [UInt8]) {
        guard let datagram = packet.withUnsafeBytes(Datagram.init) else { return }
        put(0, at: 10, of: &packet)
        put(of(packet[..<datagram.headerBytes]), at: 10, of: &packet)
        if datagram.isFragment { return }
        let place: Int
        switch datagram.transport {
        case Datagram.tcp: place = datagram.headerBytes + 16
        case Datagram.udp: place = datagram.headerBytes + 6
        default: return
        }
        guard place + 2 <= datagram.bytes else { return }
        put(0, at: place, of: &packet)
        let length = datagram.bytes - datagram.headerBytes
        let pseudo = UInt32(datagram.transport) + UInt32(length)
        let sum = of(
            packet[datagram.headerBytes..<datagram.bytes], on: sum(of: packet[12..<20]) + UInt64(pseudo))
        // In UDP zero would say that there is none.
        put(datagram.transport == Datagram.udp && sum == 0 ? 0xFFFF : sum, at: place, of: &packet)
    }

    /// - Parameter start: what other bytes came to.
    static func of(_ bytes: ArraySlice<UInt8>, on start: UInt64 = 0) -> UInt16 {
        var total = start + sum(of: bytes)
        while total > 0xFFFF { total = (total & 0xFFFF) + (total >> 16) }
        return ~UInt16(total)
    }

    private static func sum(of bytes: ArraySlice<UInt8>) -> UInt64 {
        var total: UInt64 = 0
        var place = bytes.startIndex
        while place + 1 < bytes.endIndex {
            total += UInt64(bytes[place]) << 8 | UInt64(bytes[place + 1])
            place += 2
        }
        return place < bytes.endIndex ? total + UInt64(bytes[place]) << 8 : total
    }

    private static func put(_ number: UInt16, at place: Int, of packet: inout [UInt8]) {
        packet[place] = UInt8(number >> 8)
        packet[place + 1] = UInt8(truncatingIfNeeded: number)
    }
}
