/// Who can be reached through which link, and what may pass. A context is reached by at most one link at a time.
struct RouteTable: Sendable {
    /// What is to become of a message.
    enum Decision: Hashable, Sendable {
        case deliver
        case forward(LinkID)
        case refuse(DeadReason)
    }

    let own: ContextID
    /// Nearest first; empty in the root.
    private(set) var ancestors: [ContextID]
    let isUnidirectional: Bool
    private var links = NumberTable<ContextID, LinkID>()
    /// The way to whoever is not known; nil in the root, and when the parent is gone.
    private var parentLink: LinkID?

    init(own: ContextID, ancestors: [ContextID], isUnidirectional: Bool) {
        self.own = own
        self.ancestors = ancestors
        self.isUnidirectional = isUnidirectional
        parentLink = ancestors.isEmpty ? nil : .parent
    }

    var count: Int { links.count }
    /// Everybody whose link was learnt, least first; the parent too.
    var ids: [ContextID] { links.keys }

    /// The link that was learnt for `id`: no guess.
    func known(_ id: ContextID) -> LinkID? { links[id] }

    /// The link used for `id`: the learnt one, or else the parent's, who may know more.
    func link(to id: ContextID) -> LinkID? { links[id] ?? parentLink }

    mutating func add(_ id: ContextID, through link: LinkID) { links[id] = link }
    mutating func remove(_ id: ContextID) { links[id] = nil }

    /// The parent is gone, and with it everybody who was not known.
    mutating func loseParent() {
        parentLink = nil
        if let parent = ancestors.first { links[parent] = nil }
    }

    /// There is nobody above any more, and nobody whom this context obeys.
    mutating func becomeRoot() {
        loseParent()
        ancestors = []
    }

    /// Does the sender speak from where it claims to be? Unknown ids are believed only when they come from above, and
    /// nobody elsewhere is this context itself.
    func objection(to header: FrameHeader, from link: LinkID) -> DeadReason? {
        guard self.link(to: header.authority) == link, header.authority != own else {
            return .badAuthority(header.authority)
        }
        guard
            header.source == header.authority || self.link(to: header.source) == link && header.source != own
        else { return .badSource(header.source) }
        return nil
    }

    /// Where a message goes. `arrival` is nil for the node's own; `remote` names the neighbour of a link.
    func decide(_ header: FrameHeader, from arrival: LinkID?, remote: (LinkID) -> ContextID) -> Decision {
        if header.destination == own { return .deliver }
        var way = links[header.destination]
        if way == nil, let parentLink {
            // What came from above for an id that nobody below has is not thrown back up.
            let sourceLink = arrival == nil ? nil : link(to: header.source)
            if sourceLink != parentLink { way = parentLink }
        }
        guard let way else { return .refuse(.noRoute(to: header.destination, own: own)) }
        if isUnidirectional, let arrival, !isAncestor(remote(arrival)), !isAncestor(remote(way)) {
            return .refuse(.routingMode(from: remote(arrival), to: remote(way), via: own))
        }
        return .forward(way)
    }

    /// May a message with this authority command us?
    func hasParentAuthority(_ authority: ContextID) -> Bool { authority == own || isAncestor(authority) }

    private func isAncestor(_ id: ContextID) -> Bool { ancestors.contains(id) }
}
