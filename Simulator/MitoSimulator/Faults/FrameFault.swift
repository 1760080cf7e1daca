public import MitoCore

/// What happens to one frame: the n-th from now on that matches.
///
/// All but a delay are what no stream does to a frame: bugs and hostile peers, not networks.
public struct FrameFault: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// It takes longer, and what is behind it on the link waits too.
        case delay(Duration)
        /// It is sent and never arrives.
        case drop
        /// It arrives twice.
        case duplicate
        /// One bit of it, which the seed chooses, is another.
        case corrupt
        /// It arrives before those that were sent before it on the link and have not begun to arrive. A frame with
        /// none ahead does not count.
        case overtake
    }

    public var kind: Kind
    public var pattern: FramePattern
    /// Which of the frames that match, from 1.
    public var nth: Int

    public init(_ kind: Kind, _ pattern: FramePattern, nth: Int = 1) {
        self.kind = kind
        self.pattern = pattern
        self.nth = nth
    }

    /// What no longer needs to hold of a run that has it. The order of links does: a trace tells what was struck, and
    /// all else must be as it was sent.
    public var suspends: [Invariant] {
        let isOfRoutes = pattern.kind.map { $0 == .addRoute || $0 == .delRoute } ?? true
        let routes: [Invariant] = isOfRoutes ? [.routesConverge] : []
        return switch kind {
        case .delay: []
        case .drop: [.callsEndOnce, .answersAreRight] + routes
        case .duplicate: [.answersAreRight]
        case .overtake: [.answersAreRight] + routes
        case .corrupt: [.callsEndOnce, .routesConverge, .answersAreRight]
        }
    }
}

extension FrameFault: CustomStringConvertible {
    /// As a trace has it: `drop`, `delay 5ms`.
    public var description: String {
        switch kind {
        case .delay(let duration): "delay \(duration)"
        case .drop: "drop"
        case .duplicate: "duplicate"
        case .corrupt: "corrupt"
        case .overtake: "overtake"
        }
    }
}

/// Which frames are meant. What is not said matches everything.
public struct FramePattern: Hashable, Sendable {
    public var kind: FrameKind?
    public var source: ContextID?
    public var destination: ContextID?
    /// The lower end of the link that it travels on; nil = where its source sends it, once for each message.
    public var link: ContextID?
    public var handle: Handle?

    public init(
        kind: FrameKind? = nil, source: ContextID? = nil, destination: ContextID? = nil, link: ContextID? = nil,
        handle: Handle? = nil
    ) {
        self.kind = kind
        self.source = source
        self.destination = destination
        self.link = link
        self.handle = handle
    }

    /// Does it mean this frame, sent by `sender` into the link above `lower`?
    func matches(_ header: FrameHeader, from sender: ContextID, above lower: ContextID) -> Bool {
        let isThere = link.map { $0 == lower } ?? (header.source == sender)
        return isThere && kind.map { $0 == FrameKind(handle: header.handle, replyTo: header.replyTo) } ?? true
            && source.map { $0 == header.source } ?? true && destination.map { $0 == header.destination } ?? true
            && handle.map { $0 == header.handle } ?? true
    }
}
