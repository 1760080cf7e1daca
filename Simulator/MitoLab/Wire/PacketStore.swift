import CMitoLab

/// The bytes of packets that are under way. Memory that a packet had is used for the next one, so that none is asked
/// for once there was as much as the links' queues can hold.
///
/// ```swift
/// let slot = store.keep(bytes)
/// send(store[slot])
/// store.release(slot)
/// ```
final class PacketStore {
    private var shelves = PacketStore.sizes.map(Shelf.init)

    deinit {
        for shelf in shelves { for packet in shelf.packets { packet.bytes.deallocate() } }
    }

    /// Keeps a copy of a packet of at most `Batch.packetBytesMax`, and gives its number.
    func keep(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        let shelf = Self.sizes.firstIndex { $0 >= bytes.count }!
        let place = shelves[shelf].take()
        let packet = shelves[shelf].packets[place]
        packet.bytes.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
        shelves[shelf].packets[place].length = UInt32(bytes.count)
        return Int32(place * Self.sizes.count + shelf)
    }

    /// The packet that is kept under a number.
    subscript(_ slot: Int32) -> mito_lab_packet {
        let (place, shelf) = Int(slot).quotientAndRemainder(dividingBy: Self.sizes.count)
        return shelves[shelf].packets[place]
    }

    /// Nobody needs it any more; the number may be another packet's from now on.
    func release(_ slot: Int32) {
        let (place, shelf) = Int(slot).quotientAndRemainder(dividingBy: Self.sizes.count)
        shelves[shelf].free.append(place)
    }

    /// How much room a packet gets: at most a few times what it needs.
    private static let sizes = [256, 2048, 16 << 10, Batch.packetBytesMax]

    /// Packets of one size.
    private struct Shelf {
        let size: Int
        var packets: [mito_lab_packet] = []
        var free: [Int] = []

        init(size: Int) { self.size = size }

        mutating func take() -> Int {
            if let place = free.popLast() { return place }
            let room = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            packets.append(mito_lab_packet(bytes: room, room: UInt32(size), length: 0))
            return packets.count - 1
        }
    }
}
