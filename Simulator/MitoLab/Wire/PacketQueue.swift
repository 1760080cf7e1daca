import DequeModule
import MitoCore
import MitoLinks

/// One direction of a link with the packets that are in it: what `LinkQueue` is for frames.
///
/// A packet that is lost, or finds the queue full, is gone; whoever sent it notices, and sends it again.
///
/// ```swift
/// if let due = queue.arrival(of: packet.bytes, at: now) { queue.put(packet, due: due) }
/// while let next = queue.next, next <= now { goOn(queue.take()) }
/// ```
struct PacketQueue {
    private var state: LinkState
    private(set) var gate = Gate()
    private var packets: Deque<(packet: Packet, due: Instant)> = []
    private var counts: WireStatus.OneWay
    /// The moment at which somebody will look for the next.
    var scheduled: Instant?
    /// Would a packet pass it this very moment? Stored, as it is asked for each packet.
    private(set) var isClear = false

    init(_ model: LinkModel.OneWay, seed: UInt64, link: ContextID, _ way: Way) {
        state = LinkState(model, seed: seed, link: link, way)
        counts = WireStatus.OneWay(model)
        settle()
    }

    var model: LinkModel.OneWay { state.model }
    var status: WireStatus.OneWay {
        var status = counts
        (status.model, status.isHeld, status.isCut) = (state.model, gate.isHeld, gate.isCut)
        (status.queuePackets, status.queueBytes) = (packets.count, counts.queueBytes)
        return status
    }

    /// When the next comes out; nil while none does.
    var next: Instant? { packets.first.flatMap { gate.exit(of: $0.due) } }

    /// When a packet that goes in now will come out; nil when it is gone instead, which is counted.
    mutating func arrival(of bytes: Int32, at now: Instant) -> Instant? {
        if gate.isCut {
            counts.dropped.cut += 1
            return nil
        }
        guard counts.queueBytes == 0 || counts.queueBytes + Int(bytes) <= state.model.queue else {
            counts.dropped.full += 1
            return nil
        }
        let due = state.arrival(ofPacket: Int(bytes), at: now)
        if due == nil { counts.dropped.lost += 1 }
        return due
    }

    /// Puts in a packet that was told when it will come out.
    mutating func put(_ packet: Packet, due: Instant) {
        packets.append((packet, due))
        counts.queueBytes += Int(packet.bytes)
        isClear = false
    }

    /// Takes out the one that comes next.
    mutating func take() -> Packet {
        let packet = packets.removeFirst().packet
        counts.queueBytes -= Int(packet.bytes)
        passed(Int(packet.bytes))
        if packets.isEmpty { settle() }
        return packet
    }

    /// Counts a packet that passed at once.
    mutating func passed(_ bytes: Int) {
        counts.packets += 1
        counts.bytes += bytes
    }

    /// Counts a segment of a connection that a reset ended.
    mutating func refusedAfterReset() { counts.dropped.reset += 1 }

    /// Carries an order out, as far as it concerns this way.
    ///
    /// - Returns: the packets that are gone by it.
    mutating func perform(_ order: LinkOrder, _ way: Way, at now: Instant) -> [Packet] {
        defer { settle() }
        switch order {
        case .set(let model):
            state.model = model[way]
            return []
        case .reset:
            gate = Gate()
            counts.dropped.reset += packets.count
            return removeAll()
        case .cut(let ways) where ways.contains(way):
            gate.cut()
            counts.dropped.cut += packets.count
            return removeAll()
        case .cut, .mend, .hold, .release:
            // What was lost by the cut is sent again by those who sent it, in their own time.
            gate.perform(order, way, at: now, retransmit: .zero)
            return []
        }
    }

    private mutating func removeAll() -> [Packet] {
        defer { packets.removeAll() }
        counts.queueBytes = 0
        state.forgetBacklog()
        return packets.map(\.packet)
    }

    private mutating func settle() { isClear = state.model.isInstant && gate.isOpen && packets.isEmpty }
}

extension WireStatus.OneWay {
    fileprivate init(_ model: LinkModel.OneWay) {
        self.init(
            model: model, isHeld: false, isCut: false, packets: 0, bytes: 0, dropped: WireStatus.Dropped(),
            queuePackets: 0, queueBytes: 0)
    }
}
