import MitoCore
import MitoLinks
import MitoLinux
import Mitoscope

/// Links that are slow, held or cut on purpose.
extension Loop {
    /// Shapes what goes down to a child, as the connection's options say.
    mutating func shape(_ link: LiveLink, by plan: LaunchPlan) {
        guard let option = LinkOption(in: plan.options) else { return }
        let shaping = Shaping(
            option, lower: plan.context, .down, preface: .preamble(plan.preambleLength), isTraced: isTraced)
        shape(link.id, by: shaping)
    }

    /// Shapes what goes up to the parent, as the preamble says.
    mutating func shapeParentLink(of identity: Identity) {
        guard let option = LinkOption(in: agent.node.bootOptions) else { return }
        shape(.parent, by: Shaping(option, lower: identity.id, .up, preface: .greeting, isTraced: isTraced))
    }

    /// Does to a link what somebody ordered.
    mutating func shape(_ id: LinkID, by value: Value) {
        guard let link = links[id], let identity = agent.node.identity else { return }
        guard let order = LinkOrder(value) else { return warn("link \(id.rawValue) was given an unknown order") }
        if order == .reset { return lost(id) }
        if link.shaping == nil {
            let lower = id == .parent ? identity.id : agent.node.neighbour(on: id) ?? identity.id
            let way = id == .parent ? Way.up : .down
            shape(id, by: Shaping(nil, lower: lower, way, preface: .none, isTraced: isTraced))
        }
        link.shaping?.perform(order, at: now)
        resume(id)
        ready.append(id)
    }

    private mutating func shape(_ id: LinkID, by shaping: Shaping) {
        links[id]?.shaping = shaping
        shaped.append(id)
    }

    /// When one of the shaped links wants to be looked at.
    mutating func shapingDeadline() -> Instant? {
        var next: Instant?
        for id in shaped {
            guard let link = links[id],
                let wake = link.shaping?.wake(at: now, isWriting: !link.unsent.isEmpty)
            else { continue }
            next = next.map { min($0, wake) } ?? wake
        }
        return next
    }

    /// Looks at the shaped links that wanted it.
    mutating func expireShaping() {
        for id in shaped {
            guard let link = links[id], let shaping = link.shaping else { continue }
            if let next = shaping.queue.next, next <= now, link.unsent.isEmpty { ready.append(id) }
            resume(id)
        }
    }

    /// Reads a link, or does not, as its orders want it.
    private mutating func resume(_ id: LinkID) {
        guard let link = links[id], let shaping = link.shaping else { return }
        let reads = shaping.isReading(at: now)
        guard reads == link.isReadingPaused else { return }
        do throws(SystemError) {
            try link.pauseReading(!reads, on: watchlist)
        } catch {
            return lost(id)
        }
        if reads, shaping.isEndUnread { exited(id) }
    }
}
