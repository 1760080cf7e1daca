public import MitoLinks

/// What a lab is made of: its hosts, how they hang together, and what the links between them are like.
///
/// ```swift
/// var plan = LabPlan(seed: 7)
/// let master = plan.add("master")
/// let web = plan.add("web", below: master, link: LinkModel(delay: .constant(.milliseconds(25))))
/// ```
///
/// A host is known by its index, from 0. A link is known by its two ends; `up` is towards the lower index, which in a
/// tree is towards the root.
public struct LabPlan: Hashable, Sendable {
    /// In the order of their indexes; a host stands behind its parent.
    public private(set) var hosts: [Host] = []
    /// Which pairs of hosts have a link.
    public var topology: Topology
    /// What a link is like that is no host's own: those of a mesh between hosts of which neither is the other's parent.
    public var usualLink: LinkModel
    /// What delays and losses are drawn from.
    public var seed: UInt64

    /// No hosts yet.
    public init(topology: Topology = .tree, usualLink: LinkModel = LinkModel(), seed: UInt64) {
        self.topology = topology
        self.usualLink = usualLink
        self.seed = seed
    }

    /// One host and its link to its parent.
    public struct Host: Hashable, Sendable {
        /// What it calls itself: as many bytes as the kernel takes for that, 64.
        public var name: String
        /// The index of the host above; nil for the first.
        public var parent: Int?
        /// The link to the parent.
        public var link: LinkModel
    }

    /// Which hosts have a link of their own between them.
    public enum Topology: String, Hashable, Sendable, CaseIterable {
        /// Parent and child: what others send each other goes along the tree.
        case tree
        /// All pairs.
        case mesh
    }

    /// Adds a host and gives its index. More than `hostsMax`, or a parent that is not there, traps.
    ///
    /// - Parameters:
    ///   - name: what it calls itself.
    ///   - parent: the index of the host above; nil for the first one only.
    ///   - link: the link between the two.
    @discardableResult
    public mutating func add(_ name: String, below parent: Int? = nil, link: LinkModel = LinkModel()) -> Int {
        precondition(hosts.count < Self.hostsMax, "a lab has at most \(Self.hostsMax) hosts")
        precondition(
            parent.map(hosts.indices.contains) ?? hosts.isEmpty, "only the first host is below no other one")
        hosts.append(Host(name: name, parent: parent, link: link))
        return hosts.count - 1
    }

    /// How many hosts a lab can have. A mesh has 130,000 links then.
    public static let hostsMax = 512

    /// A host's address: 10.77.0.1 for the first one.
    public static func address(of host: Int) -> IPv4Address { IPv4Address(network.number + UInt32(host) + 1) }

    /// The index of the host of this name.
    public func index(of name: String) -> Int? { hosts.firstIndex { $0.name == name } }

    /// Names of hosts stand in a file of lines, and in paths: they are made as those of contexts are.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// The index of the host that has this address, if any.
    public func host(at address: IPv4Address) -> Int? {
        let host = Int(address.number) - Int(Self.network.number) - 1
        return hosts.indices.contains(host) ? host : nil
    }

    /// 10.77.0.0; 16 bits of an address are the network's.
    static let network = IPv4Address(10, 77, 0, 0)
    static let networkBits: UInt8 = 16
}
