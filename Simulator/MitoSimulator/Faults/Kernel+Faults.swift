import MitoCore
import MitoLinks
import Mitoscope

/// What the world can do to a tree.
extension Kernel {
    /// Does it; false when there is nothing to do it to: the context does not run, or the link is closed.
    mutating func perform(_ fault: Fault, as name: String) -> Bool {
        switch fault {
        case .link(let lower, let order): return perform(order, onLinkOf: lower, as: name)
        case .freeze(let id):
            guard let host = running(id), !hosts[Int(host)].isFrozen else { return false }
            note(fault, as: name)
            hosts[Int(host)].isFrozen = true
            userCode.freeze(host)
            rearm(host)
        case .thaw(let id):
            guard let host = running(id), hosts[Int(host)].isFrozen else { return false }
            note(fault, as: name)
            thaw(host)
        case .kill(let id):
            guard let host = running(id) else { return false }
            note(fault, as: name)
            kill(host)
        case .restart(let id): return restart(id, as: name) != nil
        case .skew(let id, let offset, let drift):
            guard let host = running(id) else { return false }
            note(fault, as: name)
            hosts[Int(host)].clock = LocalClock(showing: time(of: host) + offset, at: now, drift: drift)
            userCode.clocks[host] = hosts[Int(host)].clock
            rearm(host)
        case .frames(let frameFault):
            note(fault, as: name)
            rules.add(frameFault, named: name)
        case .spoof(let message, let id):
            guard let host = running(id), !hosts[Int(host)].isFrozen else { return false }
            note(fault, as: name)
            hosts[Int(host)].agent.node.forge(message, at: time(of: host))
            drain(host)
        }
        return true
    }

    /// Does it at `time`, if it can be done then.
    mutating func schedule(_ fault: Fault, as name: String, at time: Instant) {
        planned.append((fault, name))
        heap.insert(.fault(UInt32(planned.count - 1)), at: max(time, now))
    }

    /// Kills the process of a context, unless it has ended, and lets the root start a fresh one like it in its place.
    mutating func restart(_ id: ContextID, as name: String) -> ConnectID? {
        guard let index = indexByID[id], let plan = hosts[Int(index)].plan, let parent = hosts[Int(index)].parent,
            hosts[Int(parent.host)].isRunning
        else { return nil }
        note(.restart(id), as: name)
        if hosts[Int(index)].isRunning { kill(index) }
        let via = hosts[Int(parent.host)].id
        var request = ConnectRequest(
            method: plan.method, name: plan.remoteName.isEmpty ? nil : plan.remoteName,
            via: via == .master ? nil : via)
        request.options = plan.options
        request.tag = name
        return command(.master) { $0.node.connect(request, at: $1) }
    }

    // MARK: Processes

    private mutating func kill(_ host: HostIndex) {
        for link in hosts[Int(host)].openLinks {
            if let conduit = hosts[Int(host)].outgoing(link) { fabric[conduit].queue.forgetRest() }
        }
        end(host, status: "signal 9")
        userCode.end(host)
        hosts[Int(host)].desk.end()
    }

    private mutating func thaw(_ host: HostIndex) {
        hosts[Int(host)].isFrozen = false
        let missed = hosts[Int(host)].missed
        hosts[Int(host)].missed = []
        for occurrence in missed {
            let slot = heap.insert(occurrence, at: now)
            if case .unblock = occurrence { hosts[Int(host)].blocked = slot }
        }
        rearm(host)
        userCode.thaw(host)
        let requests = hosts[Int(host)].missedRequests
        hosts[Int(host)].missedRequests = []
        perform(requests)
    }

    /// Puts aside what concerns a frozen host, until it goes on; false when nobody is frozen whom it concerns.
    mutating func isMissed(_ occurrence: Occurrence) -> Bool {
        let host: HostIndex
        switch occurrence {
        case .arrival(let conduit): host = fabric[conduit].host
        case .room(let conduit): host = sender(of: conduit).host
        case .unblock(let index, _): host = index
        case .start(let child), .reaped(let child):
            guard let parent = hosts[Int(child)].parent else { return false }
            host = parent.host
        case .deadline, .fault, .wake, .token: return false
        }
        guard hosts[Int(host)].isFrozen, hosts[Int(host)].isRunning else { return false }
        if case .unblock = occurrence { hosts[Int(host)].blocked = nil }
        hosts[Int(host)].missed.append(occurrence)
        return true
    }

    /// A frozen process cannot see that its parent is gone; the system ends it.
    mutating func endFrozenChildren(of host: HostIndex) {
        let linked = hosts[Int(host)].openLinks.compactMap { frozenChild(on: $0, of: host) }
        for child in linked + hosts[Int(host)].disowned where hosts[Int(child)].isFrozen {
            guard hosts[Int(child)].isRunning else { continue }
            var event = Event(.contextDown)
            event.at = now
            event.subject = hosts[Int(child)].id
            event.reason = .parentLost
            event.text = "the process is gone"
            note(event, in: hosts[Int(child)].id)
            kill(child)
        }
    }

    /// Remembers a frozen child whose link is about to be closed: it does not see that, and lives as long as its parent.
    mutating func noteDisowned(_ link: LinkID, of host: HostIndex) {
        if let child = frozenChild(on: link, of: host) { hosts[Int(host)].disowned.append(child) }
    }

    private func frozenChild(on link: LinkID, of host: HostIndex) -> HostIndex? {
        guard let conduit = hosts[Int(host)].outgoing(link) else { return nil }
        let child = fabric[conduit].host
        return hosts[Int(child)].parent?.host == host && hosts[Int(child)].isFrozen ? child : nil
    }

    // MARK: Links

    private mutating func perform(_ order: LinkOrder, onLinkOf lower: ContextID, as name: String) -> Bool {
        guard let host = indexByID[lower], let parent = hosts[Int(host)].parent else { return false }
        let up = hosts[Int(host)].outgoing(.parent)
        // The end of a process may be on its way up a link that is closed below.
        guard let down = hosts[Int(parent.host)].outgoing(parent.link) ?? up.map(fabric.opposite) else { return false }
        note(.link(lower, order), as: name)
        for conduit in [down, fabric.opposite(down)] {
            fabric[conduit].queue.perform(order, fabric[conduit].way, at: now)
            expect(conduit)
        }
        return true
    }

    // MARK: Frames

    /// Writes to a conduit what a node wrote, frame by frame, as frame faults want it; the last frame is number `last`.
    mutating func strike(_ bytes: [UInt8], to conduit: Fabric.ConduitIndex, _ last: UInt64) {
        for strike in rules.write(bytes, to: &fabric[conduit], at: now) {
            var event = Event(.command)
            event.text = strike.fault.strikeWords
            event.tag = strike.name
            event.subject = fabric[conduit].lower
            event.link = fabric[conduit].lower
            event.upward = fabric[conduit].way == .up
            event.source = strike.header.source
            event.destination = strike.header.destination
            event.handle = strike.header.handle
            event.replyTo = strike.header.replyTo
            event.length = strike.header.length
            event.ordinal = last > UInt64(strike.behind) ? last - UInt64(strike.behind) : 0
            event.at = now
            strikes.append(event)
        }
    }

    private mutating func note(_ fault: Fault, as name: String) {
        var event = Event(.command)
        event.at = now
        event.subject = fault.subject
        event.text = "\(fault)"
        event.tag = name
        if case .link(let lower, _) = fault { event.link = lower }
        note(event, in: fault.subject)
    }
}
