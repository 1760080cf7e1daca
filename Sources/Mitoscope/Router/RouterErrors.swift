import MitoCore

extension MitoscopeError.Code {
    /// A latch, or a select, is closed.
    public static let latch = MitoscopeError.Code(rawValue: "LatchError")
    /// What was asked for cannot be: a handle in use, a member that a select cannot have, a context of another router.
    public static let usage = MitoscopeError.Code(rawValue: "Error")
}

extension MitoscopeError {
    static let timedOut = MitoscopeError(.timeout, "nothing came in time")
    static let latchClosed = MitoscopeError(.latch, "the Latch has been closed")
    static let receiverClosed = MitoscopeError(.channel, "the Receiver has been closed")
    /// Ours: the original waits for what cannot come.
    static let receiverUsed = MitoscopeError(.channel, "the Receiver was for one message, which was taken")
    static let handleGone = MitoscopeError(.channel, "the Receiver's handle is gone: nothing can come any more")
    static let newsOver = MitoscopeError(.channel, "the router was shut down: there are no more events")
    /// Ours: the original queues without bound.
    static let receiverFull = MitoscopeError(.stream, "queue full: messages came faster than they were taken")

    static let selectClosed = MitoscopeError(.latch, "the Select has been closed")
    static let selectEmpty = MitoscopeError(.usage, "Cannot get(), Select instance is empty")
    static let selectOwned = MitoscopeError(.usage, "Cannot add: Receiver is already owned by another Select")
    static let selectCycle = MitoscopeError(.usage, "Adding this Select instance would create a Select cycle")
    static let selectStranger = MitoscopeError(.usage, "Instance is not a member of this Select")

    static func foreign(_ context: Context) -> MitoscopeError {
        MitoscopeError(.usage, "context \(context.id) belongs to another router", path: [context.id])
    }

    init(_ error: HandleError) { self.init(.usage, "\(error)", cause: error) }
}
