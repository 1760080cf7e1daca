public import MitoCore

/// A message that came in: who sent it, what it says, and the way back.
///
/// ```swift
/// let message = try await receiver.get()
/// print(message.source, try message.value())
/// try message.reply(42)
/// ```
@dynamicMemberLookup
public struct ReceivedMessage: Sendable {
    /// The fields as they travelled.
    public let message: Message
    /// The router that it came in by.
    public let router: Router

    init(_ message: Message, router: Router) {
        self.message = message
        self.router = router
    }

    /// `source`, `authority`, `replyTo` and every other field of the message.
    public subscript<Field>(dynamicMember field: any KeyPath<Message, Field> & Sendable) -> Field {
        message[keyPath: field]
    }

    /// The context that sent it.
    public var context: Context { router.contextByID(message.source) }

    /// What was sent: a pickled value, or the bytes of a message that is not pickled.
    ///
    /// - Parameter throwing: when true, a dead message and a function's failure are thrown, as `.channel` and `.call`;
    ///   otherwise they are read like anything else.
    /// - Throws: `.stream` when the bytes are not a pickle that anybody may send.
    public func value(throwing: Bool = true) throws(MitoscopeError) -> Value {
        if throwing { try checkAlive() }
        guard message.encoding == .pickle else { return .bytes(message.payload) }
        let value: Value
        do throws(PickleError) {
            value = try Value(pickled: message.payload)
        } catch {
            throw MitoscopeError(.stream, "\(error)", cause: error, path: [message.source])
        }
        if throwing, case .callError(let text) = value { throw MitoscopeError(.call, text, path: [message.source]) }
        return value
    }

    /// Answers with a payload. Does nothing when no answer is wanted.
    public func reply(_ payload: Payload) {
        guard message.replyTo != .none, !message.isDead else { return }
        router.route(Message(payload, to: message.source, handle: message.replyTo))
    }

    func checkAlive() throws(MitoscopeError) {
        guard message.isDead else { return }
        let reason = String(decoding: message.payload, as: UTF8.self)
        let end = message.source == message.destination ? "local" : "remote"
        throw MitoscopeError(
            .channel, reason.isEmpty ? "Channel closed by \(end) end." : reason, path: [message.source])
    }
}

/// What a message carries.
///
/// ```swift
/// web.send(.value(.list(["size", 42])), to: handle)
/// web.send(.binary(block), to: handle)
/// ```
public enum Payload: Hashable, Sendable {
    /// A pickled value, which any reader understands.
    case value(Value)
    /// Bytes as they are, marked as the raw bytes of a stream.
    case binary([UInt8])
    /// Bytes as they are, unmarked, such as the context's own handles take.
    case raw([UInt8])
    /// The end of what is sent, and why: whoever waits gets a `.channel` error.
    case dead(String)
}

extension Message {
    init(_ payload: Payload, to destination: ContextID, handle: Handle) {
        switch payload {
        case .value(let value):
            self.init(to: destination, handle: handle, encoding: .pickle, payload: value.pickled())
        case .binary(let bytes): self.init(to: destination, handle: handle, encoding: .binary, payload: bytes)
        case .raw(let bytes): self.init(to: destination, handle: handle, payload: bytes)
        case .dead(let reason):
            self = .dead(reason, to: destination, from: .master, handle: handle)
        }
    }
}
