import HeapModule
import MitoCore
import MitoLinks

/// What lies between the hosts: says of each packet whether it passes at once, when it comes out, or that it is gone.
///
/// It is a value without sockets, clock or bytes. A packet crosses one link of its path after another, in the order of
/// time, by the same model of links as in a simulation.
///
/// ```swift
/// switch medium.receive(datagram, from: web, at: now, store: { store.keep(bytes) }) { … }
/// medium.expire(at: now)
/// medium.drain { output in perform(output) }
/// ```
struct Medium {
    /// What becomes of a packet when it comes in.
    enum Verdict: Hashable {
        /// It has crossed its path already, whose hops are named.
        case passes(to: Int, hops: Range<Int32>)
        /// It was stored, and is under way.
        case kept
        /// It is gone.
        case gone
    }

    /// What is to be done with stored packets, in order.
    enum Output: Hashable {
        /// A packet came out of this hop.
        case crossed(hop: Int, slot: Int32, at: Instant)
        /// It is to be given to its host, and nobody needs it any more.
        case deliver(slot: Int32, to: Int)
        /// Nobody needs it any more.
        case release(slot: Int32)
        /// A packet of our own.
        case answer(ResetSegment, to: Int)
    }

    init(_ plan: LabPlan) {
        self.plan = plan
        paths = Paths(plan)
        for (number, ends) in paths.links.enumerated() {
            let isOwn = plan.hosts[ends.lower].parent == ends.upper
            let model = isOwn ? plan.hosts[ends.lower].link : plan.usualLink
            let name = ContextID(UInt32(plan.topology == .tree ? ends.lower : number))
            queues.append(PacketQueue(model.up, seed: plan.seed, link: name, .up))
            queues.append(PacketQueue(model.down, seed: plan.seed, link: name, .down))
        }
        singleSegmentHosts = hostsWithoutOffload()
    }

    /// Is every crossing told?
    var isWatched = false
    /// Packets that were none, or to nobody.
    private(set) var astray = 0
    private(set) var paths: Paths

    /// When something comes out next; nil when nothing does.
    var deadline: Instant? { agenda.min?.at }

    /// Takes a packet that a host sent.
    ///
    /// - Parameters:
    ///   - datagram: the packet; nil = what it sent is none.
    ///   - source: the host.
    ///   - now: when; not before any `now` that was given.
    ///   - store: keeps the packet's bytes until an output says what becomes of them, and gives their number.
    mutating func receive(
        _ datagram: Datagram?, from source: Int, at now: Instant, store: () -> Int32
    ) -> Verdict {
        guard let datagram, let target = plan.host(at: datagram.target), target != source else {
            astray += 1
            return .gone
        }
        let path = paths.path(from: source, to: target)
        if let segment = datagram.segment,
            let link = flows.note(segment, of: datagram, from: source, to: target)
        {
            refuse(segment, of: datagram, from: source, to: target, endedBy: link)
            return .gone
        }
        let bytes = Int32(datagram.bytes)
        let clear = path.first { !queues[hop($0)].isClear } ?? path.upperBound
        for place in path.lowerBound..<clear { queues[hop(place)].passed(datagram.bytes) }
        if clear == path.upperBound { return .passes(to: target, hops: path) }
        guard let due = queues[hop(clear)].arrival(of: bytes, at: now) else { return .gone }
        let packet = Packet(slot: store(), bytes: bytes, target: Int32(target), hop: clear, end: path.upperBound)
        for place in path.lowerBound..<clear { tellCrossing(place, packet, at: now) }
        put(packet, due: due)
        return .kept
    }

    /// Moves on what is due.
    mutating func expire(at now: Instant) {
        while let moment = agenda.min, moment.at <= now {
            agenda.removeMin()
            // One that was replaced by an earlier one is passed over.
            guard queues[moment.queue].scheduled == moment.at else { continue }
            queues[moment.queue].scheduled = nil
            if let next = queues[moment.queue].next, next <= moment.at {
                var packet = queues[moment.queue].take()
                tellCrossing(packet.hop, packet, at: moment.at)
                packet.hop += 1
                goOn(packet, at: moment.at)
            }
            schedule(moment.queue)
        }
    }

    /// Carries out what is ordered for a link.
    mutating func perform(_ order: LinkOrder, on link: Int, at now: Instant) {
        for (queue, way) in [(2 * link, Way.up), (2 * link + 1, .down)] {
            outputs += queues[queue].perform(order, way, at: now).map { .release(slot: $0.slot) }
            schedule(queue)
        }
        if case .set = order { singleSegmentHosts = hostsWithoutOffload() }
        guard order == .reset else { return }
        var paths = paths
        let ended = flows.breakFlows(by: link) { a, b in
            paths.path(from: a, to: b).contains { Int(paths.hops[Int($0)]) / 2 == link }
        }
        for end in ended { answer(end.segment, to: end.host, from: end.from, startingAt: link) }
    }

    /// Calls `perform` for each output since the last look, and forgets them.
    mutating func drain(_ perform: (Output) -> Void) {
        for output in outputs { perform(output) }
        outputs.removeAll(keepingCapacity: true)
    }

    /// By host: must every packet be one segment, because links on its way lose or queue each by itself?
    private(set) var singleSegmentHosts: [Bool] = []

    var status: [WireStatus.Link] {
        paths.links.enumerated().map { number, ends in
            WireStatus.Link(
                lower: ends.lower, upper: ends.upper, up: queues[2 * number].status,
                down: queues[2 * number + 1].status)
        }
    }

    private let plan: LabPlan
    /// By hop: two of each link.
    private var queues: [PacketQueue] = []
    private var flows = FlowTable()
    private var agenda = Heap<Moment>()
    private var moments: UInt64 = 0
    private var outputs: [Output] = []

    /// When something comes out of a queue; those of one time in the order in which they were noted.
    private struct Moment: Comparable {
        var at: Instant
        var ordinal: UInt64
        var queue: Int

        static func < (a: Moment, b: Moment) -> Bool { a.at != b.at ? a.at < b.at : a.ordinal < b.ordinal }
    }

    private func hostsWithoutOffload() -> [Bool] {
        var hosts = plan.hosts.map { _ in false }
        for (number, ends) in paths.links.enumerated() {
            let models = [queues[2 * number].model, queues[2 * number + 1].model]
            guard models.contains(where: { $0.loss != nil || $0.bandwidth != nil }) else { continue }
            switch plan.topology {
            // Somebody's way crosses it from everywhere.
            case .tree: return hosts.map { _ in true }
            case .mesh: (hosts[ends.upper], hosts[ends.lower]) = (true, true)
            }
        }
        return hosts
    }

    private func hop(_ place: Int32) -> Int { Int(paths.hops[Int(place)]) }

    /// Takes a packet over what is left of its path.
    private mutating func goOn(_ packet: Packet, at now: Instant) {
        var packet = packet
        while packet.hop < packet.end {
            let queue = hop(packet.hop)
            guard queues[queue].isClear else {
                guard let due = queues[queue].arrival(of: packet.bytes, at: now) else {
                    outputs.append(.release(slot: packet.slot))
                    return
                }
                return put(packet, due: due)
            }
            queues[queue].passed(Int(packet.bytes))
            tellCrossing(packet.hop, packet, at: now)
            packet.hop += 1
        }
        outputs.append(.deliver(slot: packet.slot, to: Int(packet.target)))
    }

    private mutating func put(_ packet: Packet, due: Instant) {
        let queue = hop(packet.hop)
        queues[queue].put(packet, due: due)
        schedule(queue)
    }

    private mutating func schedule(_ queue: Int) {
        guard let next = queues[queue].next else { return }
        if let scheduled = queues[queue].scheduled, scheduled <= next { return }
        queues[queue].scheduled = next
        moments += 1
        agenda.insert(Moment(at: next, ordinal: moments, queue: queue))
    }

    private mutating func tellCrossing(_ place: Int32, _ packet: Packet, at now: Instant) {
        if isWatched { outputs.append(.crossed(hop: hop(place), slot: packet.slot, at: now)) }
    }

    /// Answers a segment of a connection that a reset ended: its sender shall know.
    private mutating func refuse(
        _ segment: Datagram.Segment, of datagram: Datagram, from source: Int, to target: Int, endedBy link: Int
    ) {
        if let place = paths.path(from: source, to: target).first(where: { hop($0) / 2 == link }) {
            queues[hop(place)].refusedAfterReset()
        }
        if segment.isReset { return }
        let answered = ResetSegment(
            source: ResetSegment.End(address: datagram.target, port: segment.targetPort),
            target: ResetSegment.End(address: datagram.source, port: segment.sourcePort),
            sequence: segment.acknowledged ?? 0, acknowledged: segment.acknowledged == nil ? segment.end : nil)
        answer(answered, to: source, from: target, startingAt: link)
    }

    /// Sends a segment from a link on to a host, unless a cut or a hold is in between. It takes no time: in a
    /// simulation, too, both ends see at once that a link is broken.
    private mutating func answer(_ segment: ResetSegment, to host: Int, from other: Int, startingAt link: Int) {
        let rest = paths.path(from: other, to: host).drop { hop($0) / 2 != link }.dropFirst()
        if rest.allSatisfy({ queues[hop($0)].gate.isOpen }) { outputs.append(.answer(segment, to: host)) }
    }
}
