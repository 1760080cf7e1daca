import MitoCore
public import MitoLinks

/// How a lab is at a moment.
///
/// ```swift
/// for link in try lab.status().links { print(link.name, link.up.packets, link.down.packets) }
/// ```
public struct LabStatus: Hashable, Sendable {
    public var hosts: [Host] = []
    public var links: [Link] = []
    /// Packets that this machine lost, and no link: the wire was behind with its work.
    public var overrun = 0

    /// A host and what runs on it.
    public struct Host: Hashable, Sendable {
        public var name: String
        public var address: String
        /// The names of its processes, that of the lab's own excepted.
        public var processes: [String]
    }

    /// A link: its ends, and how each way is.
    public struct Link: Hashable, Sendable {
        public var lower: String
        public var upper: String
        public var up: WireStatus.OneWay
        public var down: WireStatus.OneWay

        public subscript(_ way: Way) -> WireStatus.OneWay { way == .up ? up : down }
    }
}

extension LabStatus {
    var value: Value {
        .list([
            .list(
                hosts.map { host in
                    .list([.text(host.name), .text(host.address), .list(host.processes.map { .text($0) })])
                }),
            .list(links.map { .list([.text($0.lower), .text($0.upper), $0.model, $0.up.value, $0.down.value]) }),
            .int(Int64(overrun)),
        ])
    }

    /// Nil when the value is not one that `value` gives.
    init?(_ value: Value) {
        guard case .list(let parts) = value, parts.count == 3, case .list(let hosts) = parts[0],
            case .list(let links) = parts[1], case .int(let overrun) = parts[2]
        else { return nil }
        self.overrun = Int(overrun)
        for host in hosts {
            guard case .list(let parts) = host, parts.count == 3, let name = parts[0].string,
                let address = parts[1].string, case .list(let processes) = parts[2]
            else { return nil }
            self.hosts.append(Host(name: name, address: address, processes: processes.compactMap(\.string)))
        }
        for link in links {
            guard case .list(let parts) = link, parts.count == 5, let lower = parts[0].string,
                let upper = parts[1].string, let model = LinkOption(parts[2])?.model,
                let up = WireStatus.OneWay(parts[3], model.up), let down = WireStatus.OneWay(parts[4], model.down)
            else { return nil }
            self.links.append(Link(lower: lower, upper: upper, up: up, down: down))
        }
    }
}

extension LabStatus.Link {
    fileprivate var model: Value { LinkOption(LinkModel(up: up.model, down: down.model), seed: 0).value }
}

extension WireStatus.OneWay {
    fileprivate var value: Value {
        let numbers = [
            packets, bytes, dropped.lost, dropped.full, dropped.cut, dropped.reset, queuePackets, queueBytes,
        ]
        return .list([.bool(isCut), .bool(isHeld)] + numbers.map { .int(Int64($0)) })
    }

    fileprivate init?(_ value: Value, _ model: LinkModel.OneWay) {
        guard case .list(let parts) = value, parts.count == 10, case .bool(let isCut) = parts[0],
            case .bool(let isHeld) = parts[1]
        else { return nil }
        let numbers = parts[2...].compactMap { part -> Int? in
            if case .int(let number) = part { Int(number) } else { nil }
        }
        guard numbers.count == 8 else { return nil }
        self.init(
            model: model, isHeld: isHeld, isCut: isCut, packets: numbers[0], bytes: numbers[1],
            dropped: WireStatus.Dropped(lost: numbers[2], full: numbers[3], cut: numbers[4], reset: numbers[5]),
            queuePackets: numbers[6], queueBytes: numbers[7])
    }
}
