public import MitoCore

/// A whole context as a value: a node and the functions it runs. A driver feeds facts and commands to `node`,
/// then drains `poll`, which is the node's with the functions' work taken care of.
public struct Agent: Sendable {
    public var node: Node

    public init(node: Node, functions: [RemoteFunction]) {
        self.node = node
    }

    /// `deadline` has come.
    public mutating func expired(at now: Instant) {}
    /// The sleep that `.block` asked for is over.
    public mutating func unblocked(_ invocation: InvocationID, at now: Instant) {}
    /// The next thing to do in the world; nil when there is nothing until the next fact or command.
    public mutating func poll(at now: Instant) -> Deed? { nil }
    /// When `expired` wants to be called next.
    public var deadline: Instant? { nil }

    public enum Deed: Sendable {
        /// An order of the node, unless it was the agent's own business.
        case order(Output)
        /// Block the thread that runs functions for this long, then say `unblocked`.
        case block(InvocationID, Duration)
    }
}
