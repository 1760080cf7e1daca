/// A child that leaves its parent and lives on with its own tree, or a child of ours that does.
extension Node {
    /// Leaves the parent: `.detached` follows exactly once. Afterwards this context stands alone, as a root does, and
    /// what it waited for above is lost.
    public mutating func detach(at now: Instant) {
        journal.now = now
        journal.begin(.command) { $0.text = "detach" }
        guard let parent = identity?.ancestors.first, ending == .no else {
            return order(.detached(.failed(Failure(.channel, "this context has no parent to leave"))))
        }
        guard !handles.handles.contains(where: { handles[$0]?.owner == .detachment }) else {
            return order(.detached(.failed(Failure(.channel, "this context is about to leave its parent"))))
        }
        // Whatever ends the parent from now on must not end this process.
        order(.leaveParent)
        let handle = handles.open(.detachment, respondent: parent)
        noteOpened(handle, respondent: parent)
        originate(Message(to: parent, from: ownID, handle: .detaching, replyTo: handle))
    }

    /// The parent lets go, or does not.
    mutating func detachmentAnswered(_ outcome: Outcome) {
        if case .value = outcome { standAlone() }
        order(.detached(outcome))
    }

    private mutating func standAlone() {
        let below = links.ids.filter { !links[$0].isUp }.flatMap { links[$0].reachable.ids }
        routes.becomeRoot()
        identity?.ancestors = []
        // Nobody above numbers contexts any more, and those that are not below can never be met again.
        let highest = below.reduce(ownID) { max($0, $1) }.rawValue
        connecting.ids = min(highest, UInt32.max - 1) + 1..<UInt32.max
        journal.note(.linkDown) { [ownID, remote = links[.parent].remote] in
            $0.link = ownID
            $0.subject = remote
            $0.reason = .askedTo
            $0.text = "detached"
        }
        cutOff(.parent)
        for context in handles.respondents where context != ownID && routes.link(to: context) == nil {
            contextLost(context)
        }
    }

    /// DETACHING: a neighbour below leaves. The answer is what it waits for before it goes.
    mutating func heardOfDetaching(_ header: FrameHeader, from link: LinkID) {
        guard !links[link].isUp, !links[link].isDetached else {
            return answerAtOnce(header, "mitoscope.NotSupported: context \(ownID) has let go of that child already")
        }
        links[link].isDetached = true
        timers.cancel(.farewell(link))
        order(.release(link))
        reply(to: header.source, header.replyTo, .none)
        childLinkClosed()
    }
}
