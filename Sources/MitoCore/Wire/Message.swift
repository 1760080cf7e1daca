/// What a frame's payload is. On the wire this is also the frame's signature.
public enum Encoding: UInt16, Sendable {
    /// Raw text, empty payloads and all dead messages.
    case legacy = 0x4D49
    /// One or more pickles.
    case pickle = 0x4D4A
    /// Raw bytes of a stream.
    case binary = 0x4D4B
}

/// One message: who sends it to whom, on whose authority, and what it says.
///
/// ```swift
/// let message = Message(to: web, handle: Handle(1001), encoding: .pickle, payload: Value.int(42).pickled())
/// ```
public struct Message: Hashable, Sendable {
    public var destination: ContextID
    public var source: ContextID
    public var authority: ContextID
    public var handle: Handle
    public var replyTo: Handle
    public var encoding: Encoding
    public var payload: [UInt8]

    public init(
        to destination: ContextID, from source: ContextID = .master, authority: ContextID? = nil,
        handle: Handle, replyTo: Handle = .none, encoding: Encoding = .legacy, payload: [UInt8] = []
    ) {
        self.destination = destination
        self.source = source
        self.authority = authority ?? source
        self.handle = handle
        self.replyTo = replyTo
        self.encoding = encoding
        self.payload = payload
    }

    /// A dead message ends a wait; it is never answered.
    public var isDead: Bool { replyTo == .dead }

    /// A dead message to `handle` of `destination`, with the reason a reader will see.
    public static func dead(_ reason: String, to destination: ContextID, from source: ContextID, handle: Handle)
        -> Message
    {
        Message(to: destination, from: source, handle: handle, replyTo: .dead, payload: Array(reason.utf8))
    }
}
