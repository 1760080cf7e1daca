/// How far an orderly end has come.
enum Ending: Hashable, Sendable {
    case no
    /// Children were asked to end, and the driver to hand over its last logs; until that is done, or the grace is over,
    /// replies still leave.
    case waiting(ExitReason, isDrained: Bool)
    case over
}

extension Node {
    /// Ends this context in order: children first, for as long as the grace allows, then `.exit`.
    public mutating func shutdown(at now: Instant) {
        journal.now = now
        journal.begin(.command) { $0.text = "shutdown" }
        beginEnding(.shutdown)
    }

    /// Asks a context to end. Any context, direct or not.
    ///
    /// - Parameters:
    ///   - context: who is to end, and everybody below it.
    ///   - replyTo: where a refusal goes, or that there is no such context; its end is told by its loss.
    ///   - now: the time on the driver's clock.
    public mutating func shutdown(_ context: ContextID, replyTo: Handle = .none, at now: Instant) {
        journal.now = now
        journal.begin(.command) { $0.text = "shutdown \(context)" }
        sendShutdown(to: context, replyTo: replyTo)
    }

    mutating func sendShutdown(to context: ContextID, replyTo: Handle = .none) {
        originate(Message(to: context, from: ownID, handle: .shutdown, replyTo: replyTo))
    }

    mutating func sendShutdown(to link: LinkID) {
        tell(link, .shutdown, [])
    }

    mutating func beginEnding(_ reason: ExitReason) {
        guard ending == .no else { return }
        // What nobody above can read any more is not waited for.
        let isDrained = !configuration.isDraining || reason != .shutdown
        ending = .waiting(reason, isDrained: isDrained)
        journal.note(.shutdownBegan) { $0.text = reason.description }
        order(.ending(reason))
        let grace = configuration.shutdownGrace ?? (isMaster ? .seconds(5) : .seconds(3))
        timers.arm(.grace, at: journal.now + grace)
        cancelConnects(because: Self.cancelledByShutdown)
        for link in links.ids where mayBeAskedToEnd(link) { sendShutdown(to: link) }
        if !isDrained { order(.drain) }
        childLinkClosed()
    }

    private func mayBeAskedToEnd(_ link: LinkID) -> Bool {
        !links[link].isUp && !links[link].isDetached && links[link].state == .open
    }

    /// A frame that asks the child on `link` to end was written: it must be gone in time. The original waits for ever.
    mutating func toldToEnd(_ link: LinkID, _ header: FrameHeader) {
        guard header.destination == links[link].remote, mayBeAskedToEnd(link), !links[link].isToldToEnd,
            routes.hasParentAuthority(header.authority)
        else { return }
        links[link].isToldToEnd = true
        // Its own grace must be over before ours is.
        let grace = links[link].grace.map { $0 + .seconds(1) } ?? configuration.shutdownGrace ?? .seconds(5)
        timers.arm(.farewell(link), at: journal.now + grace)
    }

    /// A child was asked to end, and did not.
    mutating func cutOffDeaf(_ link: LinkID) {
        journal.begin(.timerFired) { [name = links[link].name] in $0.link = name }
        report(level: 40, "context \(links[link].remote) did not end within the grace; it is cut off")
        cutOff(link)
        childLinkClosed()
    }

    /// A child is gone, or the last logs are on their way: the end may be near.
    mutating func childLinkClosed() {
        guard case .waiting(_, isDrained: true) = ending else { return }
        let hasChildren = links.ids.contains { link in
            !links[link].isUp && !links[link].isDetached && links[link].state != .closed
        }
        if !hasChildren { finish() }
    }

    /// The end: everybody who still waits is told, here and on the other side, and everything closes.
    mutating func finish() {
        guard case .waiting(let reason, _) = ending else { return }
        timers.cancel(.grace)
        for link in links.ids where mayBeAskedToEnd(link) {
            report(level: 40, "context \(links[link].remote) did not end within the grace; it is cut off")
            cutOff(link)
        }
        for job in dispatcher.abandon() { abandon(job) }
        for handle in handles.handles { deliverDead(.brokerExited, to: handle) }
        ending = .over
        journal.note(.contextDown) { [ownID] in
            $0.subject = ownID
            $0.reason = reason.code
            $0.text = reason.description
        }
        for link in links.ids where links[link].state != .closed { close(link) }
        order(.exit(reason))
    }
}

extension ExitReason {
    fileprivate var code: Event.Reason {
        switch self {
        case .shutdown: .askedTo
        case .parentLost: .parentLost
        case .corrupt: .corrupt
        }
    }
}

extension ExitReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .shutdown: "shutdown"
        case .parentLost: "the parent is gone"
        case .corrupt(let what): "the parent's stream is corrupt: \(what)"
        }
    }
}
