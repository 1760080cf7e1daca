@testable import MitoLab

/// A packet as a host sends it: IPv4, 20 bytes of header, with what it carries.
func packet(
    from source: Int = 0, to target: Int = 1, carrying transport: UInt8 = Datagram.udp, _ contents: [UInt8] = [],
    bytes: Int? = nil
) -> [UInt8] {
    let count = bytes ?? 20 + contents.count
    var packet: [UInt8] = [0x45, 0, UInt8(count >> 8), UInt8(count & 255), 0, 0, 0x40, 0, 64, transport, 0, 0]
    packet += LabPlan.address(of: source).bytes + LabPlan.address(of: target).bytes + contents
    return packet + [UInt8](repeating: 0, count: max(0, count - packet.count))
}

/// A TCP segment between port 1000 of the first and port 80 of the second host, or back.
func segment(
    from source: Int = 0, to target: Int = 1, sequence: UInt32 = 1, acknowledging: UInt32? = nil,
    flags: Datagram.Flags = [], bytes: Int = 0
) -> [UInt8] {
    let ports: (UInt16, UInt16) = source < target ? (1000, 80) : (80, 1000)
    var header = [ports.0 >> 8, ports.0, ports.1 >> 8, ports.1].map { UInt8(truncatingIfNeeded: $0) }
    for number in [sequence, acknowledging ?? 0] {
        header += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    let all = acknowledging == nil ? flags : flags.union(.acknowledges)
    header += [0x50, all.rawValue, 255, 255, 0, 0, 0, 0]
    return packet(
        from: source, to: target, carrying: Datagram.tcp, header + [UInt8](repeating: 7, count: bytes))
}
