import MitoCore
import MitoLinks

@testable import MitoLab

/// A medium with packets that are known by numbers, counted from 0 in the order in which they are stored.
struct Bench {
    var medium: Medium
    /// In milliseconds, when each packet came out, and where.
    var arrivals: [Arrival] = []
    var released: [Int32] = []
    var answers: [Answer] = []
    private var stored: Int32 = 0

    struct Arrival: Hashable {
        var packet: Int32
        var host: Int
        var milliseconds: Int64

        init(_ packet: Int32, _ host: Int, _ milliseconds: Int64) {
            (self.packet, self.host, self.milliseconds) = (packet, host, milliseconds)
        }
    }

    struct Answer: Hashable {
        var host: Int
        var sequence: UInt32
        var acknowledged: UInt32?
    }

    /// Hosts below one another, all links alike.
    init(_ hosts: Int = 2, _ model: LinkModel = LinkModel(), topology: LabPlan.Topology = .tree) {
        var plan = LabPlan(topology: topology, usualLink: model, seed: 7)
        for host in 0..<hosts { plan.add("h\(host)", below: host == 0 ? nil : host - 1, link: model) }
        medium = Medium(plan)
    }

    /// Hands over a packet and looks at what becomes of it.
    @discardableResult
    mutating func send(_ packet: [UInt8], from source: Int, at milliseconds: Int64) -> Medium.Verdict {
        wait(until: milliseconds)
        let verdict = medium.receive(
            packet.withUnsafeBytes(Datagram.init), from: source, at: .at(milliseconds)
        ) {
            stored += 1
            return stored - 1
        }
        takeOutputs(at: milliseconds)
        return verdict
    }

    mutating func perform(_ order: LinkOrder, on link: Int = 0, at milliseconds: Int64) {
        wait(until: milliseconds)
        medium.perform(order, on: link, at: .at(milliseconds))
        takeOutputs(at: milliseconds)
    }

    /// Lets come out what is due until then.
    mutating func wait(until milliseconds: Int64) {
        while let deadline = medium.deadline, deadline <= .at(milliseconds) {
            medium.expire(at: deadline)
            takeOutputs(at: deadline.nanoseconds / 1_000_000)
        }
    }

    private mutating func takeOutputs(at milliseconds: Int64) {
        var outputs: [Medium.Output] = []
        medium.drain { outputs.append($0) }
        for output in outputs {
            switch output {
            case .deliver(let slot, let host): arrivals.append(Arrival(slot, host, milliseconds))
            case .release(let slot): released.append(slot)
            case .answer(let segment, let host):
                answers.append(
                    Answer(host: host, sequence: segment.sequence, acknowledged: segment.acknowledged))
            case .crossed: break
            }
        }
    }
}

extension Instant {
    static func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }
}
