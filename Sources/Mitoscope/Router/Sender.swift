public import MitoCore

/// The other end of a `Receiver`: it sends to that one, from wherever its context can be reached. It may travel in
/// arguments, results and messages.
///
/// ```swift
/// try sender.send(42)
/// sender.send(.binary(block))
/// sender.close()                                  // the receiver's sequence ends
/// ```
public struct Sender: Hashable, Sendable {
    /// The context whose receiver it is.
    public let context: Context
    /// The receiver's number there.
    public let handle: Handle

    /// A sender to a handle of `context`.
    public init(to context: Context, handle: Handle) {
        self.context = context
        self.handle = handle
    }

    /// The sender that travelled as `value`; nil when that is none.
    public init?(_ value: Value, router: Router) {
        guard case .sender(let id, let handle) = value else { return nil }
        self.init(to: router.contextByID(id), handle: handle)
    }

    /// What travels.
    public var value: Value { .sender(context.id, handle) }

    /// Sends a payload, after everything that was sent or called before. It does not wait; nobody is told when the
    /// receiver is gone.
    public func send(_ payload: Payload) { context.send(payload, to: handle) }

    /// Tells the receiver that this is the end: whoever waits there gets a `.channel` error, once.
    public func close() { context.send(.dead("Sender was explicitly closed"), to: handle) }
}
