/// News of who can be reached. It goes from hop to hop, each hop speaking in its own name, so that an ancestor hears
/// of a context before the first frame from it, and everyone who ever addressed one hears when it goes.
extension Node {
    mutating func addRoute(_ context: ContextID, through link: LinkID) {
        routes.add(context, through: link)
        links[link].reachable.insert(context)
        journal.note(.routeAdded) { [name = links[link].name, label = names[context]] in
            $0.subject = context
            $0.link = name
            $0.text = label ?? ""
        }
    }

    /// Tells the parent that a context can be reached through here.
    mutating func announce(_ context: ContextID) {
        let name = names[context].map { ":\($0)" } ?? ""
        tellParent(.addRoute, Array("\(context)\(name)".utf8))
    }

    /// Says something to the parent, as long as there is one.
    private mutating func tellParent(_ handle: Handle, _ payload: [UInt8]) {
        if !isMaster, isOpen(.parent) { tell(.parent, handle, payload) }
    }

    /// ADD_ROUTE: `id` or `id:name`.
    mutating func heardOfRoute(_ payload: Span<UInt8>, _ header: FrameHeader, from link: LinkID) {
        let text = String(decoding: [UInt8](payload), as: UTF8.self)
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let raw = UInt32(parts[0]) else {
            return noteIgnored(header, .undecodable, "ADD_ROUTE without a context id")
        }
        let context = ContextID(raw)
        guard link != .parent || isMaster, !routes.hasParentAuthority(context), routes.known(context) == nil,
            links[link].reachable.count < Self.routesPerLinkMax
        else {
            complain(about: link, "Cannot add duplicate route to \(context) via \(links[link].remote)")
            return noteIgnored(header, .duplicateRoute, text)
        }
        if parts.count == 2 { names[context] = parts[1].cut(to: Self.nameScalarsMax) }
        addRoute(context, through: link)
        announce(context)
    }

    /// DEL_ROUTE: an id, after which a name is overlooked. Only the neighbour through which we reach a context may take
    /// it away.
    mutating func heardOfLoss(_ payload: Span<UInt8>, _ header: FrameHeader, from link: LinkID) {
        let text = String(decoding: [UInt8](payload), as: UTF8.self)
        guard let raw = UInt32(text.prefix { $0 != ":" }) else {
            return noteIgnored(header, .undecodable, "DEL_ROUTE without a context id")
        }
        let context = ContextID(raw)
        guard routes.link(to: context) == link, context != ownID else {
            complain(
                about: link, "received DEL_ROUTE for \(context) from \(links[link].remote), which does not lead there")
            return noteIgnored(header, .unexpectedSender, text)
        }
        if has(.swallowsDelRoute) { return contextLost(context) }
        dropRoute(context, through: link)
        contextLost(context)
    }

    /// Forgets a route and passes the news on: up, unless it came from there, and down to whoever ever addressed it.
    mutating func dropRoute(_ context: ContextID, through link: LinkID) {
        if routes.known(context) == link, !has(.keepsRoute) {
            routes.remove(context)
            links[link].reachable.remove(context)
            journal.note(.routeRemoved) { [name = links[link].name] in
                $0.subject = context
                $0.link = name
            }
        }
        let payload = Array("\(context)".utf8)
        if link != .parent { tellParent(.delRoute, payload) }
        for other in links.ids where other != link && !links[other].isUp && isOpen(other) {
            guard links[other].addressed.contains(context) else { continue }
            tell(other, .delRoute, payload)
            if !has(.keepsEgress) { links[other].addressed.remove(context) }
        }
    }

    /// Everyone here who waits for `context` is told that it is gone.
    mutating func contextLost(_ context: ContextID) {
        journal.note(.contextLost) { [label = names[context]] in
            $0.subject = context
            $0.text = label ?? ""
        }
        for handle in handles.waiting(for: context) where !has(.keepsWaiter) {
            deliverDead(.respondentLost, to: handle)
        }
        if !has(.keepsChain) { dispatcher.forgetChains(of: context) }
        names.lost(context)
        order(.lost(context))
    }

    /// A neighbour cannot be heard any more: all that was reached through it is gone.
    mutating func lose(_ link: LinkID, because reason: Event.Reason, _ why: String = "") {
        if links[link].state == .booting {
            abandonBoot(of: link, because: StreamError(connecting.boots[link]?.endOfStream ?? ""))
            return childLinkClosed()
        }
        journal.begin(.linkDown) { [name = links[link].name, remote = links[link].remote] in
            $0.link = name
            $0.subject = remote
            $0.reason = reason
            $0.text = why
        }
        if reason == .corrupt { report(level: 40, "\(links[link].remote): \(why)") }
        let isUp = links[link].isUp
        cutOff(link)
        if isUp {
            routes.loseParent()
            for context in handles.respondents where context != ownID && routes.link(to: context) == nil {
                contextLost(context)
            }
            beginEnding(reason == .corrupt ? .corrupt(why) : .parentLost)
        } else {
            childLinkClosed()
        }
    }

    /// Closes a link; whoever was reached through it is lost.
    mutating func cutOff(_ link: LinkID) {
        let lost = links[link].reachable.ids
        links[link].reachable = SortedIDs()
        links[link].state = .closed
        for context in lost {
            dropRoute(context, through: link)
            contextLost(context)
        }
        close(link)
    }

    /// Has the link closed by the driver once its bytes are written.
    mutating func close(_ link: LinkID) {
        links[link].state = .closed
        links[link].inbound = []
        order(.close(link))
        if links[link].outbound.isEmpty { links.remove(link) }
    }

    private mutating func noteIgnored(_ header: FrameHeader, _ reason: Event.Reason, _ text: String) {
        journal.note(.dropped) {
            $0.describe(header, digest: 0)
            $0.reason = reason
            $0.text = text.cut(to: Event.textScalarsMax)
        }
    }

    /// How many contexts one neighbour may announce: a limit for hostile ones, far above any tree.
    private static let routesPerLinkMax = 1 << 20
    private static let nameScalarsMax = 500
}
