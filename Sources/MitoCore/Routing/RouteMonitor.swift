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
        if has(.returnsDelRoute) { tell(link, .delRoute, [UInt8](payload)) }
        guard routes.link(to: context) == link, context != ownID else {
            complain(
                about: link, "received DEL_ROUTE for \(context) from \(links[link].remote), which does not lead there")
            return noteIgnored(header, .unexpectedSender, text)
        }
        if has(.swallowsDelRoute) { return contextLost(context) }
        let why = links[link].lossReason?.context == context ? links[link].lossReason?.why ?? "" : ""
        links[link].lossReason = nil
        dropRoute(context, through: link, why: why)
        contextLost(context, why: why)
    }

    /// Forgets a route and passes the news on: up, unless it came from there, and down to whoever ever addressed it.
    mutating func dropRoute(_ context: ContextID, through link: LinkID, why: String = "") {
        if routes.known(context) == link, !has(.keepsRoute) {
            routes.remove(context)
            links[link].reachable.remove(context)
            journal.note(.routeRemoved) { [name = links[link].name] in
                $0.subject = context
                $0.link = name
            }
        }
        if link != .parent, !isMaster, isOpen(.parent), !has(.tellsNoParent) { tellOfLoss(context, why, to: .parent) }
        for other in links.ids where other != link && !links[other].isUp && isOpen(other) {
            guard links[other].addressed.contains(context), !has(.tellsParentAlone) else { continue }
            tellOfLoss(context, why, to: other)
            if !has(.keepsEgress) { links[other].addressed.remove(context) }
        }
        // A call may come from there before the news that its callee is there too. Who tells of a loss need not hear
        // of it.
        links[link].addressed.remove(context)
    }

    /// The reason is for our own alone, and comes first.
    private mutating func tellOfLoss(_ context: ContextID, _ why: String, to link: LinkID) {
        if !why.isEmpty, links[link].build != nil { tell(link, .lossReason, Array("\(context):\(why)".utf8)) }
        tell(link, .delRoute, Array("\(context)".utf8))
    }

    /// Why the context that the neighbour's next DEL_ROUTE is about was lost.
    mutating func heardLossReason(_ payload: Span<UInt8>, from link: LinkID) {
        let parts = String(decoding: [UInt8](payload), as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let raw = UInt32(parts[0]) else { return }
        links[link].lossReason = (ContextID(raw), parts[1].cut(to: ChildEnd.textScalarsMax))
    }

    /// Everyone here who waits for `context` is told that it is gone.
    mutating func contextLost(_ context: ContextID, why: String = "") {
        journal.note(.contextLost) { [label = names[context]] in
            $0.subject = context
            $0.text = label ?? ""
        }
        for handle in handles.waiting(for: context) where !has(.keepsWaiter) {
            deliverDead(.respondentLost(why), to: handle)
        }
        if !has(.keepsChain) { dispatcher.forgetChains(of: context) }
        names.lost(context)
        order(.lost(context))
    }

    /// A neighbour cannot be heard any more: all that was reached through it is gone.
    mutating func lose(
        _ link: LinkID, because reason: Event.Reason, _ why: String = "", end: ChildEnd? = nil
    ) {
        if links[link].state == .booting {
            abandonBoot(of: link, because: StreamError(connecting.boots[link]?.endOfStream(end) ?? ""))
            return childLinkClosed()
        }
        let remote = links[link].remote
        // A child that was asked to end, or that left, owes nobody an explanation.
        let isNews = !links[link].isToldToEnd && !links[link].isDetached && ending == .no
        let explanation = isNews ? end?.text(about: remote, names[remote]) ?? "" : ""
        journal.begin(.linkDown) { [name = links[link].name] in
            $0.link = name
            $0.subject = remote
            $0.reason = reason
            $0.text = why.isEmpty ? explanation.cut(to: Event.textScalarsMax) : why
        }
        if reason == .corrupt { report(level: 40, "\(remote): \(why)") }
        if !explanation.isEmpty { report(level: end?.isOrderly == true ? 30 : 40, explanation) }
        let isUp = links[link].isUp
        cutOff(link, why: explanation)
        if isUp {
            routes.loseParent()
            for context in handles.respondents where context != ownID && routes.link(to: context) == nil {
                contextLost(context)
            }
            if !has(.outlivesParent) { beginEnding(reason == .corrupt ? .corrupt(why) : .parentLost) }
        } else {
            childLinkClosed()
        }
    }

    /// Closes a link; whoever was reached through it is lost.
    mutating func cutOff(_ link: LinkID, why: String = "") {
        let lost = links[link].reachable.ids
        links[link].reachable = SortedIDs()
        links[link].state = .closed
        for context in lost {
            dropRoute(context, through: link, why: why)
            contextLost(context, why: why)
        }
        close(link)
    }

    /// Has the link closed by the driver once its bytes are written.
    mutating func close(_ link: LinkID) {
        links[link].state = .closed
        links[link].inbound = []
        timers.cancel(.farewell(link))
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
