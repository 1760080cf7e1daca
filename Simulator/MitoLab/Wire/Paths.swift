/// Which links a plan has, and over which of them packets go from one host to another.
struct Paths {
    /// The two ends of each link.
    let links: [(upper: Int, lower: Int)]
    /// The hops of all paths that were asked for, one path behind another. A hop is one direction of a link:
    /// twice the link's number, and one more for the way down.
    private(set) var hops: [Int32] = []

    init(_ plan: LabPlan) {
        let hosts = plan.hosts.indices
        switch plan.topology {
        case .tree: links = hosts.dropFirst().map { (plan.hosts[$0].parent!, $0) }
        case .mesh: links = hosts.flatMap { lower in (0..<lower).map { ($0, lower) } }
        }
        topology = plan.topology
        parents = plan.hosts.map { $0.parent ?? 0 }
        known = [Range<Int32>?](repeating: nil, count: hosts.count * hosts.count)
    }

    /// The place of the path in `hops`; empty from a host to itself.
    mutating func path(from source: Int, to target: Int) -> Range<Int32> {
        let place = source * parents.count + target
        if let path = known[place] { return path }
        let start = Int32(hops.count)
        switch topology {
        case .tree: appendAlongTree(source, target)
        case .mesh: if source != target { hops.append(hop(of: link(between: source, target)!, target > source)) }
        }
        let path = start..<Int32(hops.count)
        known[place] = path
        return path
    }

    /// The number of the link between two hosts that have one.
    func link(between a: Int, _ b: Int) -> Int? {
        let (upper, lower) = (min(a, b), max(a, b))
        guard upper >= 0, upper < lower, lower < parents.count else { return nil }
        switch topology {
        case .tree: return parents[lower] == upper ? lower - 1 : nil
        case .mesh: return lower * (lower - 1) / 2 + upper
        }
    }

    /// The number of the link from a host to its parent; nil for the first host.
    func link(above host: Int) -> Int? {
        parents.indices.contains(host) && host > 0 ? link(between: parents[host], host) : nil
    }

    private let topology: LabPlan.Topology
    private let parents: [Int]
    private var known: [Range<Int32>?]

    private func hop(of link: Int, _ isDown: Bool) -> Int32 { Int32(2 * link + (isDown ? 1 : 0)) }

    /// A parent has a lower index than its child: so of two hosts the one with the greater index is below another one,
    /// and is left first, until both are the same.
    private mutating func appendAlongTree(_ source: Int, _ target: Int) {
        var (up, down) = (source, target)
        var descent: [Int32] = []
        while up != down {
            if up > down {
                hops.append(hop(of: up - 1, false))
                up = parents[up]
            } else {
                descent.append(hop(of: down - 1, true))
                down = parents[down]
            }
        }
        hops += descent.reversed()
    }
}
