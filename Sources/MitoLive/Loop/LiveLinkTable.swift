import MitoCore

/// The links that a loop has, by their ids: those are small, handed out in order, and never used again.
struct LiveLinkTable {
    private var links: [LiveLink?] = []
    private var count = 0

    var isEmpty: Bool { count == 0 }

    subscript(id: LinkID) -> LiveLink? { id.rawValue < links.count ? links[Int(id.rawValue)] : nil }

    /// Adds a link, whose id is not there.
    mutating func insert(_ link: LiveLink) {
        let place = Int(link.id.rawValue)
        while links.count <= place { links.append(nil) }
        links[place] = link
        count += 1
    }

    mutating func remove(_ id: LinkID) -> LiveLink? {
        guard let link = self[id] else { return nil }
        links[Int(id.rawValue)] = nil
        count -= 1
        return link
    }
}
