import CMitoLab
import MitoLinux

/// Room for the packets that come in at once. They are given on from where they lie.
final class Batch {
    /// How many came with the latest `receive`.
    private(set) var count = 0

    private let room: UnsafeMutableRawPointer
    private let packets: UnsafeMutablePointer<mito_lab_packet>
    /// Those of a `send`, one behind another.
    private let chosen: UnsafeMutablePointer<mito_lab_packet>
    private var chosenCount = 0

    init() {
        room = .allocate(byteCount: Self.size * Self.packetBytesMax, alignment: 4096)
        packets = .allocate(capacity: Self.size)
        chosen = .allocate(capacity: Self.size)
        for place in 0..<Self.size {
            packets[place] = mito_lab_packet(
                bytes: room + place * Self.packetBytesMax, room: UInt32(Self.packetBytesMax), length: 0)
        }
    }

    deinit {
        room.deallocate()
        packets.deallocate()
        chosen.deallocate()
    }

    /// A packet with what stands before it.
    subscript(_ place: Int) -> mito_lab_packet { packets[place] }

    /// Takes what has come in, as much as there is room for.
    func receive(from descriptor: Int32) throws(SystemError) {
        count = 0
        count = Int(try system("recvmmsg") { mito_lab_receive(descriptor, packets, Int32(Self.size)) })
    }

    /// Is there as much as fits, and so perhaps more?
    var isFull: Bool { count == Self.size }

    /// Notes a packet to be sent, `size` of them at most before the next `send`.
    func choose(_ packet: mito_lab_packet) {
        precondition(chosenCount < Self.size, "what was chosen must be sent first")
        chosen[chosenCount] = packet
        chosenCount += 1
    }

    /// What was chosen is not sent after all.
    func forget() { chosenCount = 0 }

    /// Sends what was chosen. What the system does not take is lost.
    ///
    /// - Returns: how many were lost.
    func send(to descriptor: Int32) -> Int {
        defer { chosenCount = 0 }
        var (sent, lost) = (0, 0)
        while sent < chosenCount {
            let (start, count) = (chosen + sent, Int32(chosenCount - sent))
            if let taken = try? system("sendmmsg", { mito_lab_send(descriptor, start, count) }) {
                sent += Int(taken)
            } else {
                // It was about the first of those that are left.
                (sent, lost) = (sent + 1, lost + 1)
            }
        }
        return lost
    }

    /// How many packets it has room for.
    static let size = Int(MITO_LAB_BATCH)
    /// What stands before a packet: what was left to the hardware, and the Ethernet header.
    static let offloadBytes = Int(MITO_LAB_OFFLOAD_HEADER)
    static let prefixBytes = offloadBytes + 14
    /// The longest packet, with that.
    static let packetBytesMax = (65_535 + prefixBytes + 7) & ~7
}

extension UnsafeRawBufferPointer {
    /// The bytes of a packet, with what stands before it.
    init(_ packet: mito_lab_packet) { self.init(start: packet.bytes, count: Int(packet.length)) }

    /// All but the first `count`, of which there must be as many.
    func dropPrefix(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[count...]) }
}
