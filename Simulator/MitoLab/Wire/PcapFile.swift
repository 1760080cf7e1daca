import MitoLinux

/// A file of packets that tcpdump and Wireshark read: IPv4 packets as they are, with times in nanoseconds.
///
/// ```swift
/// let file = try PcapFile("web.pcap", packetBytesMax: 65_535)
/// file.append(packet, at: Machine.realNanoseconds)
/// try file.flush()
/// ```
final class PcapFile {
    private let descriptor: FileDescriptor
    private let packetBytesMax: Int
    private var buffer: [UInt8] = []

    /// Makes the file, or empties it.
    ///
    /// - Parameter packetBytesMax: how much is kept of each packet.
    init(_ path: String, packetBytesMax: Int) throws(SystemError) {
        descriptor = try FileDescriptor.replacing(path)
        self.packetBytesMax = packetBytesMax
        for number in [Self.magic, Self.version, 0, 0, UInt32(packetBytesMax), Self.rawPackets] { append(number) }
        try flush()
    }

    /// Notes a packet.
    ///
    /// - Parameter nanoseconds: since 1970.
    func append(_ packet: [UInt8], at nanoseconds: Int64) {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let kept = packet.prefix(packetBytesMax)
        append(UInt32(truncatingIfNeeded: seconds))
        append(UInt32(rest))
        append(UInt32(kept.count))
        append(UInt32(packet.count))
        buffer += kept
    }

    /// How many bytes are noted and not written.
    var pending: Int { buffer.count }

    /// Writes what was noted.
    func flush() throws(SystemError) {
        defer { buffer.removeAll(keepingCapacity: true) }
        if !buffer.isEmpty { _ = try descriptor.writeAll(buffer) }
    }

    /// The file's byte order is the machine's; readers tell by this.
    private static let magic: UInt32 = 0xA1B2_3C4D
    /// 2.4
    private static let version: UInt32 = 4 << 16 | 2
    private static let rawPackets: UInt32 = 101

    private func append(_ number: UInt32) { withUnsafeBytes(of: number) { buffer += $0 } }
}
