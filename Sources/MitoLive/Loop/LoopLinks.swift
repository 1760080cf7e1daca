import MitoCore
import MitoLinks
import MitoLinux
import Mitoscope

/// What comes in and goes out on links.
extension Loop {
    /// Adds the link that a process was started with.
    mutating func open(_ link: LiveLink) throws(SystemError) {
        try link.start(on: watchlist)
        links.insert(link)
    }

    mutating func read(_ id: LinkID) {
        // A link that only lingers has no news but that it broke.
        guard let link = links[id], link.lingersUntil == nil else { return drop(id) }
        guard !link.isReadingPaused else { return link.stopWatching(on: watchlist) }
        switch Result(catching: { () throws(SystemError) in try link.read(into: &buffer) }) {
        case .success(.bytes(let count)):
            noteIO("link \(id.rawValue): \(count) bytes in")
            profile?.read(count)
            received(count, on: id)
        case .success(.wouldBlock): break
        case .success(.closed), .failure: hungUp(link)
        }
        tick(.link(id))
    }

    /// The first `count` bytes of the buffer came in.
    private mutating func received(_ count: Int, on id: LinkID) {
        let bytes = buffer
        feed { agent, now in agent.node.received(bytes.span.extracting(0..<count), on: id, at: now) }
    }

    /// The other side closed the stream. A process that ends does so a moment before the system says how it ended.
    private mutating func hungUp(_ link: LiveLink) {
        guard nursery.lives(link.id) else { return lost(link.id) }
        hungUp[link.id] = now + nursery.patience(with: link.id)
        link.stop(on: watchlist)
    }

    /// The other side is gone.
    mutating func lost(_ id: LinkID) {
        guard links[id] != nil else { return }
        readReport(of: id)
        let end = nursery.end(of: id, into: &buffer, on: watchlist)
        drop(id)
        feed { agent, now in agent.node.linkClosed(id, end, at: now) }
    }

    mutating func close(_ id: LinkID) {
        guard let link = links[id], link.lingersUntil == nil else {
            _ = agent.node.takeOutbound(id)
            // It was never started: there is no process that will end.
            if nursery.giveUp(id, on: watchlist) { agent.node.childExited(id, "not started", at: now) }
            return
        }
        takeOutbound(of: link)
        let due = link.shaping?.queue.last.map { max(now, $0) } ?? now
        do throws(SystemError) {
            try link.linger(until: due + Self.lingerMax, on: watchlist)
            lingering.append(id)
            ready.append(id)
        } catch {
            drop(id)
        }
    }

    mutating func flush(_ id: LinkID) {
        guard let link = links[id] else { return }
        do throws(SystemError) {
            while true {
                let isLingering = link.lingersUntil != nil
                if link.unsent.isEmpty, !isLingering, !(link.shaping?.queue.isFull ?? false) { takeOutbound(of: link) }
                if link.unsent.isEmpty { link.shaping?.moveDue(at: now, to: &link.unsent) }
                let wasEmpty = link.unsent.isEmpty
                let waiting = link.waitingCount
                let result = try link.flush(on: watchlist)
                let moved = waiting - link.waitingCount
                if moved > 0 {
                    noteIO("link \(id.rawValue): \(moved) bytes out, \(link.waitingCount) wait")
                    profile?.wrote(moved)
                }
                noteCongestion(of: link)
                switch result {
                case .done where isLingering && link.shaping?.queue.isEmpty ?? true: return drop(id)
                case .done: if wasEmpty { return }
                case .blocked: return
                case .closed: return isLingering ? drop(id) : lost(id)
                }
            }
        } catch {
            lost(id)
        }
    }

    /// Takes what the node has for a link: to be written at once, or when it is due.
    private mutating func takeOutbound(of link: LiveLink) {
        guard link.shaping != nil else { return agent.node.moveOutbound(link.id, to: &link.unsent) }
        let bytes = agent.node.takeOutbound(link.id)
        link.shaping?.queue.write(bytes, at: now)
        if isTraced, let events = link.shaping?.takePassages(at: now) { writeTrace(events) }
    }

    private mutating func noteCongestion(of link: LiveLink) {
        let isCongested = link.isBlocked || link.shaping?.queue.isFull ?? false
        guard isCongested != link.isCongested, link.lingersUntil == nil else { return }
        link.isCongested = isCongested
        if isCongested { congested(link.id) } else { relieved(link.id) }
    }

    /// More waits on a link than is taken. What is printed here goes up, so it has to wait too.
    private mutating func congested(_ id: LinkID) {
        agent.congested(id, at: now)
        if id == .parent { stdio?.watch(false, on: watchlist) }
    }

    private mutating func relieved(_ id: LinkID) {
        agent.relieved(id, at: now)
        if id == .parent { stdio?.watch(true, on: watchlist) }
    }

    /// Lets go of a link's descriptors; its process, if any, should be ending from here on.
    mutating func drop(_ id: LinkID) {
        guard let link = links.remove(id) else { return }
        lingering.removeAll { $0 == id }
        shaped.removeAll { $0 == id }
        hungUp[id] = nil
        link.stop(on: watchlist)
        nursery.expectEnd(of: id, at: now)
    }

    /// A process has ended. What it wrote is read first; whoever else holds its stream is not waited for.
    mutating func exited(_ id: LinkID) {
        if let link = links[id], link.isReadingPaused, link.lingersUntil == nil {
            // It comes to be known with the end of the stream.
            link.shaping?.isEndUnread = true
            return nursery.ignore(id, on: watchlist)
        }
        while let link = links[id], link.lingersUntil == nil {
            guard case .bytes(let count) = try? link.read(into: &buffer) else {
                lost(id)
                break
            }
            received(count, on: id)
        }
        drop(id)
        nursery.expectEnd(of: id, at: now)
    }

    /// How long a closed link may take to write what still waits.
    private static let lingerMax = Duration.seconds(1)
}
