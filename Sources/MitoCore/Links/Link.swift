/// One end of a byte stream to a neighbour.
struct Link: Sendable {
    enum State: Hashable, Sendable {
        /// A child was ordered; it has not said that it is up.
        case booting
        /// We are the child: our preamble has not come yet.
        case awaitingPreamble
        /// Frames flow.
        case open
        /// Told to close: what still arrives is not read.
        case closed
    }

    let id: LinkID
    var state: State
    /// The neighbour; in a child that awaits its preamble not known yet.
    var remote: ContextID
    /// The id of the end that is further from the root: the link's name.
    var name: ContextID
    /// Does it lead to our parent?
    let isUp: Bool
    /// The beginning of a frame whose end has not come.
    var inbound: [UInt8] = []
    /// Frames written and not yet taken by the driver.
    var outbound: [UInt8] = []
    var framesIn: UInt64 = 0
    var framesOut: UInt64 = 0
    /// Every context that a child ever addressed through us: it must hear when one of them goes.
    var addressed = AddressedSet()
    /// What the neighbour says that it is; nil for a Python peer.
    var build: Build?
    /// How long the child may take to end; nil = the usual time.
    var grace: Duration?
    /// Was it asked to end? Then its end is no news.
    var isToldToEnd = false
    /// Has it left its parent, us?
    var isDetached = false
    /// Why the context that its next DEL_ROUTE is about was lost.
    var lossReason: (context: ContextID, why: String)?
    /// How often the neighbour broke the rules.
    var offences: UInt32 = 0
    /// Every context that is reached through this link.
    var reachable = SortedIDs()
    /// Has the driver been told, or is it to be told, of bytes that it has not moved yet?
    var isReady = false

    init(_ id: LinkID, state: State, remote: ContextID, name: ContextID, isUp: Bool) {
        self.id = id
        self.state = state
        self.remote = remote
        self.name = name
        self.isUp = isUp
    }

    /// Puts a frame behind what already waits; returns its ordinal.
    mutating func put(_ header: FrameHeader, _ payload: Span<UInt8>) -> UInt64 {
        header.write(to: &outbound)
        outbound.append(payload)
        framesOut += 1
        return framesOut
    }
}

/// Ids somebody addressed. A peer may address any number, so that the set gives up counting at a limit and from then
/// on answers yes: one notice too many is harmless, one too few is a hang.
struct AddressedSet: Sendable {
    static let idsMax = 1 << 16

    private var ids = NumberTable<ContextID, Void>()
    private var hasOverflown = false
    /// Traffic comes in runs to one destination.
    private var latest: ContextID?

    mutating func insert(_ id: ContextID) {
        if latest == id { return }
        latest = id
        guard !contains(id) else { return }
        if ids.count >= Self.idsMax {
            hasOverflown = true
            ids.removeAll()
        } else {
            ids[id] = ()
        }
    }

    func contains(_ id: ContextID) -> Bool { hasOverflown || ids[id] != nil }

    /// Everybody in it, least first.
    var members: [ContextID] { ids.keys }

    mutating func remove(_ id: ContextID) {
        ids[id] = nil
        if latest == id { latest = nil }
    }
}

/// All links of a node, walked in the order in which they appeared. A slot is used again; an id never is.
struct LinkTable: Sendable {
    /// A free slot holds what is left of the link that was there. An optional would be copied to be looked into.
    private var slots: [Link] = []
    private var free: [Int] = []
    /// By id: its slot, or -1.
    private var slotOfID: [Int32] = []
    /// Ascending.
    private(set) var ids: [LinkID] = []

    var nextID: LinkID { LinkID(UInt32(slotOfID.count)) }

    func contains(_ id: LinkID) -> Bool {
        id.rawValue < slotOfID.count && slotOfID[Int(id.rawValue)] >= 0
    }

    /// The link, which must be there.
    subscript(id: LinkID) -> Link {
        _read { yield slots[Int(slotOfID[Int(id.rawValue)])] }
        _modify { yield &slots[Int(slotOfID[Int(id.rawValue)])] }
    }

    mutating func insert(_ link: Link) {
        precondition(link.id == nextID, "links are numbered in order")
        let slot = free.popLast() ?? slots.count
        if slot == slots.count { slots.append(link) } else { slots[slot] = link }
        slotOfID.append(Int32(slot))
        ids.append(link.id)
    }

    mutating func remove(_ id: LinkID) {
        let slot = Int(slotOfID[Int(id.rawValue)])
        slots[slot] = Link(id, state: .closed, remote: slots[slot].remote, name: slots[slot].name, isUp: false)
        free.append(slot)
        slotOfID[Int(id.rawValue)] = -1
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        ids.remove(at: low)
    }
}
