/// A TCP segment that ends a connection, as a packet of its own.
///
/// ```swift
/// let packet = ResetSegment(from: web, to: db, sequence: 7, acknowledged: nil).bytes
/// ```
struct ResetSegment: Hashable {
    /// An end of a connection.
    struct End: Hashable {
        var address: IPv4Address
        var port: UInt16
    }

    /// Whom it seems to come from.
    var source: End
    var target: End
    /// Only what its receiver expects next makes it believe it.
    var sequence: UInt32
    /// Needed by an end that has sent nothing but its wish to open.
    var acknowledged: UInt32?

    /// The packet from its IPv4 header on, with right checksums.
    var bytes: [UInt8] {
        var packet: [UInt8] = [0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, Datagram.tcp, 0, 0]
        packet += source.address.bytes + target.address.bytes
        packet.append(number: source.port)
        packet.append(number: target.port)
        packet.append(number: sequence)
        packet.append(number: acknowledged ?? 0)
        let flags = acknowledged == nil ? Datagram.Flags.resets : [.resets, .acknowledges]
        packet += [0x50, flags.rawValue, 0, 0, 0, 0, 0, 0]
        Checksum.fill(&packet)
        return packet
    }
}

extension [UInt8] {
    /// As the network writes it, the highest byte first.
    fileprivate mutating func append<Number: FixedWidthInteger>(number: Number) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
