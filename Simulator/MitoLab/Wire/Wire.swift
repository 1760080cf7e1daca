import CMitoLab
import MitoCore
public import MitoLinks
public import MitoLinux

/// The links of a lab at work: takes packets from the interfaces of all hosts, and gives them to others when the links
/// between let them.
///
/// It belongs to one thread. `number` says when there is something to do.
///
/// ```swift
/// let wire = try Wire(plan)
/// for host in plan.hosts.indices { try wire.add(try HostNetwork.make(host, of: plan) { … }, of: host) }
/// try poller.add(wire.number, token: 0, reads: true, writes: false)
/// try wire.turn()                                 // whenever it is readable
/// try wire.perform(.cut(.both), onLinkOf: web)
/// ```
public final class Wire {
    /// The hosts and links of the lab; they stay what they are, but for what links are like.
    public let plan: LabPlan

    /// Nothing is connected yet.
    public init(_ plan: LabPlan) throws(SystemError) {
        self.plan = plan
        medium = Medium(plan)
        ports = plan.hosts.map { _ in nil }
        poller = try EpollPoller()
        timer = try WireTimer()
        try poller.add(timer.number, token: Self.timerToken, reads: true, writes: false)
    }

    /// A descriptor that is readable while there is something to do for `turn`; it stays the same.
    public var number: Int32 { poller.number }

    /// Connects a host. Packets that came before have waited.
    public func add(_ port: WirePort, of host: Int) throws(SystemError) {
        try port.setSegmentationOffload(!medium.singleSegmentHosts[host])
        try poller.add(port.number, token: UInt64(host), reads: true, writes: false)
        ports[host] = port
    }

    /// Moves what is due, and a batch from each host that has sent; then `number` says whether there is more.
    public func turn() throws(SystemError) {
        news.removeAll(keepingCapacity: true)
        try poller.wait(milliseconds: 0, into: &news)
        expire()
        isBusy = false
        for event in news {
            if event.token == Self.timerToken {
                try timer.acknowledge()
            } else if let port = ports[Int(event.token)] {
                receive(from: port, of: Int(event.token))
                expire()
            }
        }
        // Whoever asks for it hears why it failed.
        if !isBusy { try? capture?.flush() }
        try timer.set(medium.deadline)
    }

    /// Carries out an order for the link from a host to its parent. One for a host without a parent does nothing.
    public func perform(_ order: LinkOrder, onLinkOf host: Int) throws(SystemError) {
        if let link = medium.paths.link(above: host) { try perform(order, on: link) }
    }

    /// The same for the link between two hosts. Where they have none, nothing happens.
    ///
    /// - Returns: whether they have one.
    @discardableResult
    public func perform(_ order: LinkOrder, between a: Int, and b: Int) throws(SystemError) -> Bool {
        guard let link = medium.paths.link(between: a, b) else { return false }
        try perform(order, on: link)
        return true
    }

    /// How all links are, what crossed them, and what did not.
    public func status() -> WireStatus {
        for port in ports { overrun += port?.missed() ?? 0 }
        return WireStatus(links: medium.status, astray: medium.astray, overrun: overrun)
    }

    /// From now on each link has a file of what crosses it, for tcpdump and Wireshark, named after the host at its
    /// lower end, or in a mesh after both. A file that is there is replaced. What was noted is written after each
    /// turn, but for those in which the wire is behind with its work.
    ///
    /// - Parameters:
    ///   - folder: where the files are made.
    ///   - packetBytesMax: how much is kept of each packet.
    /// - Throws: why the folder cannot be made. A file that cannot be written ends the capture, and `flushCapture` says
    ///   why.
    public func capture(into folder: String, packetBytesMax: Int = 1 << 16) throws(SystemError) {
        let names = medium.paths.links.map { ends in
            let lower = plan.hosts[ends.lower].name
            return plan.topology == .tree ? lower : "\(plan.hosts[ends.upper].name)-\(lower)"
        }
        capture = try Capture(into: folder, names: names, packetBytesMax: packetBytesMax)
        medium.isWatched = true
    }

    /// Writes what was noted of packets.
    public func flushCapture() throws(SystemError) { try capture?.flush() }

    private var medium: Medium
    private var capture: Capture?
    private let poller: EpollPoller
    private var timer: WireTimer
    private var news: [Readiness] = []
    /// Did a host send more than could be taken at once?
    private var isBusy = false
    /// By host.
    private var ports: [WirePort?]
    private let batch = Batch()
    private let store = PacketStore()
    /// Where the packets are that the batch has from the store.
    private var chosen: [Int32] = []
    private var overrun = 0
    /// Where each packet of the batch goes at once; -1 = it does not.
    private var targets = [Int](repeating: -1, count: Batch.size)

    private static let timerToken = UInt64.max

    private func perform(_ order: LinkOrder, on link: Int) throws(SystemError) {
        expire()
        medium.perform(order, on: link, at: .monotonic)
        flush()
        if case .set = order {
            for host in plan.hosts.indices {
                try ports[host]?.setSegmentationOffload(!medium.singleSegmentHosts[host])
            }
        }
        try timer.set(medium.deadline)
    }

    private func expire() {
        medium.expire(at: .monotonic)
        flush()
    }

    /// Takes one batch from a host; the poller tells of those that are left.
    private func receive(from port: WirePort, of host: Int) {
        do throws(SystemError) {
            try batch.receive(from: port.number)
        } catch {
            // A packet of a kind that cannot be handed to us, or an interface that went down with its host.
            if !error.isNothingThere { overrun += 1 }
            return
        }
        if batch.isFull { isBusy = true }
        let now = Instant.monotonic
        for place in 0..<batch.count {
            let bytes = UnsafeRawBufferPointer(batch[place])
            let datagram = bytes.count > Batch.prefixBytes ? Datagram(bytes.dropPrefix(Batch.prefixBytes)) : nil
            let verdict = medium.receive(datagram, from: host, at: now) { store.keep(bytes) }
            guard case .passes(let to, let hops) = verdict else {
                targets[place] = -1
                continue
            }
            targets[place] = to
            if let capture { for hop in hops { capture.note(bytes, hop: Int(medium.paths.hops[Int(hop)]), at: now) } }
        }
        forward()
        flush()
    }

    /// Gives the packets that pass at once to their hosts, each host's in their order.
    private func forward() {
        for first in 0..<batch.count where targets[first] >= 0 {
            let target = targets[first]
            for place in first..<batch.count where targets[place] == target {
                targets[place] = -1
                batch.choose(batch[place])
            }
            send(to: target)
        }
    }

    private func send(to host: Int) {
        guard let port = ports[host] else { return batch.forget() }
        overrun += batch.send(to: port.number)
    }

    /// Carries out what the medium wants done, those to one host in a row together.
    private func flush() {
        var target: Int?
        func settle() {
            if let target { send(to: target) }
            for slot in chosen { store.release(slot) }
            chosen.removeAll(keepingCapacity: true)
        }
        medium.drain { output in
            switch output {
            case .deliver(let slot, let to):
                if to != target || chosen.count == Batch.size { settle() }
                target = to
                batch.choose(store[slot])
                chosen.append(slot)
            case .answer(let segment, let to):
                settle()
                target = nil
                answer(segment, to: to)
            case .release(let slot): store.release(slot)
            case .crossed(let hop, let slot, let at):
                capture?.note(UnsafeRawBufferPointer(store[slot]), hop: hop, at: at)
            }
        }
        settle()
    }

    private func answer(_ segment: ResetSegment, to host: Int) {
        var packet = [UInt8](repeating: 0, count: Batch.offloadBytes)
        packet += HostNetwork.hardwareAddress + HostNetwork.hardwareAddress + Self.internetProtocol + segment.bytes
        packet.withUnsafeMutableBytes { bytes in
            batch.choose(
                mito_lab_packet(bytes: bytes.baseAddress, room: UInt32(bytes.count), length: UInt32(bytes.count)))
            send(to: host)
        }
    }

    /// As Ethernet names IPv4.
    private static let internetProtocol: [UInt8] = [0x08, 0x00]
}
