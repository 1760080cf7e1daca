import MitoCore
import MitoLinks

/// What a supervisor is told first of all: the lab that it is to make.
///
/// With it come two descriptors, of the programs `mito-lab` and `mito-agent`, and a third one where the lab is to be
/// reached by others than its owner: a listening unix socket.
struct LabSetup: Hashable {
    /// Where in the lab its files are; nobody else's lab has the same.
    var id: String
    var plan: LabPlan
    /// A folder of the machine's in which what crosses links is captured.
    var captures: String?
    /// Do contexts append to a trace? Its first line is the runner's.
    var isTraced = false

    /// Version 1 of what is said between the outer program and the supervisor.
    static let version: Int64 = 1

    var value: Value {
        .list([
            .int(Self.version), .text(id), plan.value, captures.map { .text($0) } ?? .none, .bool(isTraced),
        ])
    }

    init(id: String, plan: LabPlan, captures: String? = nil, isTraced: Bool = false) {
        (self.id, self.plan, self.captures, self.isTraced) = (id, plan, captures, isTraced)
    }

    init(_ value: Value) throws(LabFailure) {
        guard case .list(let parts) = value, case .int(let version)? = parts.first else {
            throw LabFailure("a lab is not described like that")
        }
        guard version == Self.version else {
            throw LabFailure("the lab is described in version \(version), and this program knows \(Self.version)")
        }
        guard parts.count == 5, let id = parts[1].string, let plan = LabPlan(parts[2]),
            case .bool(let isTraced) = parts[4]
        else { throw LabFailure("a lab is not described like that") }
        // It becomes part of a path.
        guard LabName.isValid(id) else { throw LabFailure("'\(id)' cannot be a lab's id") }
        self.init(id: id, plan: plan, captures: parts[3].string, isTraced: isTraced)
    }
}

extension LabPlan {
    /// The plan as it travels to the supervisor.
    var value: Value {
        .list([
            .text(topology.rawValue), LinkOption(usualLink, seed: seed).value,
            .list(
                hosts.map { host in
                    .list([
                        .text(host.name), host.parent.map { .int(Int64($0)) } ?? .none,
                        LinkOption(host.link, seed: 0).value,
                    ])
                }),
        ])
    }

    /// Nil when the value is not one that `value` gives.
    init?(_ value: Value) {
        guard case .list(let parts) = value, parts.count == 3,
            let topology = parts[0].string.flatMap(Topology.init(rawValue:)), let usual = LinkOption(parts[1]),
            case .list(let hosts) = parts[2], (1...Self.hostsMax).contains(hosts.count)
        else { return nil }
        self.init(topology: topology, usualLink: usual.model, seed: usual.seed)
        for host in hosts {
            guard case .list(let parts) = host, parts.count == 3, let name = parts[0].string, Self.isName(name),
                let link = LinkOption(parts[2])
            else { return nil }
            switch parts[1] {
            case .none where self.hosts.isEmpty: add(name, link: link.model)
            case .int(let parent) where self.hosts.indices.contains(Int(clamping: parent)):
                add(name, below: Int(parent), link: link.model)
            default: return nil
            }
        }
    }
}
