public import MitoCore
public import MitoLinks

/// Something bad, or its end, that the world does to a tree.
///
/// A link is named by the context at its lower end. Each fault is noted in the trace as a command of the world about
/// that context, and so is each frame that a frame fault strikes.
/// ```swift
/// simulation.perform(.link(rack, .cut(.both)))
/// simulation.perform(.freeze(web))
/// simulation.perform(.frames(FrameFault(.drop, FramePattern(kind: .delRoute, link: rack))))
/// ```
public enum Fault: Hashable, Sendable {
    /// Cuts, mends, holds or releases the link above a context, or makes it another one.
    case link(ContextID, LinkOrder)
    /// A process stops where it is: it reads nothing, sends nothing and misses its timers, until it is thawed.
    case freeze(ContextID)
    case thaw(ContextID)
    /// A process ends without a farewell.
    case kill(ContextID)
    /// A process ends without a farewell, unless it has ended, and a fresh one with its name is started at its place.
    case restart(ContextID)
    /// A context's clock is set forward, or back, and from then on is fast or slow.
    case skew(ContextID, by: Duration, drift: Drift)
    /// Something happens to one frame that is yet to be sent.
    case frames(FrameFault)
    /// A context sends a message as if it were another, or had another's authority.
    case spoof(Message, by: ContextID)

    /// What no longer needs to hold of a run that has this fault: for those that no network of streams, and no orderly
    /// program, would do.
    public var suspends: [Invariant] {
        if case .frames(let fault) = self { fault.suspends } else { [] }
    }

    /// What it is done to; the root where that is not one context.
    public var subject: ContextID {
        switch self {
        case .link(let context, _), .freeze(let context), .thaw(let context), .kill(let context),
            .restart(let context), .skew(let context, by: _, drift: _), .spoof(_, by: let context):
            context
        case .frames(let fault): fault.pattern.link ?? .master
        }
    }
}

extension Fault: CustomStringConvertible {
    /// As a trace has it: `cut up`, `freeze`, `skew 5s 1/1000`.
    public var description: String {
        switch self {
        case .link(_, let order): "\(order)"
        case .freeze: "freeze"
        case .thaw: "thaw"
        case .kill: "kill"
        case .restart: "restart"
        case .skew(_, let offset, let drift): drift == .none ? "skew \(offset)" : "skew \(offset) \(drift)"
        case .frames(let fault): "\(fault)"
        case .spoof(let message, by: _): "spoof \(message.source)"
        }
    }
}
