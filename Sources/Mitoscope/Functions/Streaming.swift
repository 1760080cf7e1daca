public import MitoCore

/// What functions here send to other contexts' receivers.
extension Agent {
    /// More waits on `link` than its driver wants to hold: whoever streams through it from here waits. What is only
    /// passed on never waits, or two relays could wait for each other.
    public mutating func congested(_ link: LinkID, at now: Instant) {
        guard congestedLinks.insert(link).inserted, let stream = stream(through: link) else { return }
        noteWait(Self.room(for: stream), at: now)
        settleDeadline()
    }

    /// There is room on `link` again.
    public mutating func relieved(_ link: LinkID, at now: Instant) {
        guard congestedLinks.remove(link) != nil, stream(through: link) != nil else { return }
        noteWait(nil, at: now)
        settleDeadline()
    }

    /// Sends one turn's worth of a stream, so that what waits in memory is bounded by what links can carry away.
    mutating func send(_ stream: Stream, at now: Instant) {
        var stream = stream
        for _ in 0..<stream.itemsPerTurn {
            guard let item = stream.next() else {
                return node.send(stream.end(from: node.identity?.id ?? .master), at: now)
            }
            node.send(item, at: now)
        }
        running?.wait = .turn(stream)
        running?.turn = now
        if isHeldUp(stream) { noteWait(Self.room(for: stream), at: now) }
    }

    /// Has the stream's next turn to wait for room?
    func isHeldUp(_ stream: Stream) -> Bool {
        guard !congestedLinks.isEmpty, let link = node.route(to: stream.destination) else { return false }
        return congestedLinks.contains(link)
    }

    /// The stream that waits for its next turn, if it goes through `link`.
    private func stream(through link: LinkID) -> Stream? {
        guard case .turn(let stream) = running?.wait, node.route(to: stream.destination) == link else { return nil }
        return stream
    }

    private static func room(for stream: Stream) -> String { "room to \(stream.destination)" }
}
