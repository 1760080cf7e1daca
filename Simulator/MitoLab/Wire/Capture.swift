import MitoCore
import MitoLinux

/// What crosses each link, in a file of its own: packets as they come out at the far end, both ways.
///
/// A packet that is lost on a link is not in its file. What the sender left to its network card is made up for: a
/// checksum is right, while a bunch of segments stays one long packet.
final class Capture {
    private let folder: String
    private let names: [String]
    private let packetBytesMax: Int
    private var files: [PcapFile?]
    /// What the machine's clock says at the monotonic clock's 0.
    private let epoch: Int64
    /// Why no more is noted.
    private var failure: SystemError?

    /// - Parameters:
    ///   - folder: where the files are made; it is made, too, when it is not there.
    ///   - names: of the links, by number.
    ///   - packetBytesMax: how much is kept of each packet.
    init(into folder: String, names: [String], packetBytesMax: Int) throws(SystemError) {
        try FileDescriptor.makeFolder(folder)
        self.folder = folder
        self.names = names
        self.packetBytesMax = packetBytesMax
        files = names.map { _ in nil }
        epoch = Machine.realNanoseconds - Machine.monotonicNanoseconds
    }

    /// Notes that a packet, with what stands before it, came out of a hop.
    func note(_ packet: UnsafeRawBufferPointer, hop: Int, at moment: Instant) {
        guard failure == nil else { return }
        do throws(SystemError) {
            let file = try file(of: hop / 2)
            file.append(Self.whole(packet), at: epoch + moment.nanoseconds)
            if file.pending >= Self.pendingMax { try file.flush() }
        } catch {
            failure = error
        }
    }

    /// Writes what is noted; throws what kept it from being written, now or before.
    func flush() throws(SystemError) {
        do throws(SystemError) {
            if let failure { throw failure }
            for file in files { try file?.flush() }
        } catch {
            failure = error
            throw error
        }
    }

    private static let pendingMax = 1 << 18

    private func file(of link: Int) throws(SystemError) -> PcapFile {
        if let file = files[link] { return file }
        let name = String(names[link].map { $0 == "/" ? "_" : $0 })
        let file = try PcapFile("\(folder)/\(name).pcap", packetBytesMax: packetBytesMax)
        files[link] = file
        return file
    }

    private static func whole(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let isWithoutChecksum = bytes[0] & needsChecksum != 0
        var packet = Array(bytes.dropPrefix(Batch.prefixBytes))
        if let count = packet.withUnsafeBytes(Datagram.init)?.bytes { packet.removeSubrange(count...) }
        if isWithoutChecksum { Checksum.fill(&packet) }
        return packet
    }

    /// A flag of the header that says what was left to the hardware.
    private static let needsChecksum: UInt8 = 1
}
