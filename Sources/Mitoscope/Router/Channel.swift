public import MitoCore

/// Two programs that send to each other: a receiver at each end, and the sender to the other's.
///
/// Each end needs the number of the other's handle. The invitation carries one there, and answering it brings the
/// other back, so that nobody has to exchange numbers:
///
/// ```swift
/// let channel = try await Channel(router, respondent: web)
/// let talk = try web.callAsync(chat, channel.invitation)
/// try await channel.send("hello")                             // waits until the other end is there
/// for try await value in channel { print(value) }
///
/// let chat = RemoteFunction("demo.chat") { (context: CallContext, invitation: Channel.Invitation) async throws in
///     let channel = try await Channel(answering: invitation)     // the other end
///     for try await value in channel { try await channel.send(value) }
/// }
/// ```
public struct Channel: Sendable {
    /// What the other end sends.
    public let receiver: Receiver<Value>
    /// What is passed to the other end, as an argument or in a message, for it to answer.
    public let invitation: Invitation
    /// Brings the sender to the other end; nil at the end that was invited.
    private let answer: Receiver<ReceivedMessage>?
    /// The sender to the other end, once it is known. Whoever holds it may wait for the answer; the others wait for it.
    private let peer = Latch<Sender?>()

    /// Opens the end of a channel that invites.
    ///
    /// - Parameters:
    ///   - router: the one whose context has this end.
    ///   - respondent: the only context that may be at the other end; when it is lost, the channel ends.
    public init(_ router: Router, respondent: Context? = nil) async throws(MitoscopeError) {
        try self.init(
            try await Receiver(router, respondent: respondent),
            answer: try await Receiver(router, persist: false, respondent: respondent))
    }

    /// Opens the end of a channel that invites, from a thread that may block.
    public init(_ router: Router, respondent: Context? = nil) throws(MitoscopeError) {
        try self.init(
            try Receiver(router, respondent: respondent),
            answer: try Receiver(router, persist: false, respondent: respondent))
    }

    /// Opens the other end.
    public init(answering invitation: Invitation) async throws(MitoscopeError) {
        self.init(
            try await Receiver(invitation.router, respondent: invitation.receiver.context), answering: invitation)
        invitation.answer.send(.value(try receiver.sender().value))
    }

    /// Opens the other end, from a thread that may block.
    public init(answering invitation: Invitation) throws(MitoscopeError) {
        self.init(try Receiver(invitation.router, respondent: invitation.receiver.context), answering: invitation)
        invitation.answer.send(.value(try receiver.sender().value))
    }

    /// Sends anything that can be encoded to the other end, once that is there.
    ///
    /// - Parameters:
    ///   - item: what the other end gets.
    ///   - timeout: how long to wait for it to be there.
    /// - Throws: `.channel` when it will never be, `.timeout`, `.cancelled`; `.argument` when the item cannot travel.
    public func send(_ item: some Encodable & Sendable, timeout: Duration? = nil) async throws(MitoscopeError) {
        try await sender(timeout: timeout).send(item)
    }

    /// Sends anything that can be encoded to the other end, and blocks this thread until that is there.
    public func send(_ item: some Encodable & Sendable, timeout: Duration? = nil) throws(MitoscopeError) {
        try sender(timeout: timeout).send(item)
    }

    /// Suspends this task until the other end has sent a value; throws `.channel` when it has closed or is lost.
    public func get(timeout: Duration? = nil) async throws(MitoscopeError) -> Value {
        try await receiver.get(timeout: timeout)
    }

    /// Blocks this thread until the other end has sent a value.
    public func get(timeout: Duration? = nil) throws(MitoscopeError) -> Value { try receiver.get(timeout: timeout) }

    /// Takes nothing in any more, and tells the other end, if it is there.
    public func close() {
        receiver.close()
        // Not to wait is all right on any thread.
        if let sender: Sender = try? sender(timeout: .zero) { sender.close() }
        answer?.close()
        peer.close(.receiverClosed)
    }

    // MARK: Inside

    private init(_ receiver: Receiver<ReceivedMessage>, answer: Receiver<ReceivedMessage>) throws(MitoscopeError) {
        self.receiver = receiver.values
        self.answer = answer
        invitation = Invitation(receiver: try receiver.sender(), answer: try answer.sender())
        peer.offer(nil)
    }

    private init(_ receiver: Receiver<ReceivedMessage>, answering invitation: Invitation) {
        self.receiver = receiver.values
        self.invitation = invitation
        answer = nil
        peer.offer(invitation.receiver)
    }

    private func sender(timeout: Duration?) async throws(MitoscopeError) -> Sender {
        let known = try await peer.get(timeout: timeout)
        var found = known
        defer { peer.offer(found) }
        if let known { return known }
        guard let answer else { preconditionFailure("the end that was invited knows the other") }
        let sender = try Self.sender(in: try await answer.get(timeout: timeout))
        found = sender
        return sender
    }

    private func sender(timeout: Duration?) throws(MitoscopeError) -> Sender {
        let known = try peer.get(timeout: timeout)
        var found = known
        defer { peer.offer(found) }
        if let known { return known }
        guard let answer else { preconditionFailure("the end that was invited knows the other") }
        let sender = try Self.sender(in: try answer.get(timeout: timeout))
        found = sender
        return sender
    }

    private static func sender(in answer: ReceivedMessage) throws(MitoscopeError) -> Sender {
        guard let sender = Sender(try answer.value(), router: answer.router) else {
            throw MitoscopeError(.stream, "the other end answered with something else than a sender")
        }
        return sender
    }
}

extension Channel {
    /// The way to the end of a channel that invites. It may travel in arguments, results and messages.
    public struct Invitation: Hashable, Sendable {
        let receiver: Sender
        let answer: Sender

        init(receiver: Sender, answer: Sender) {
            self.receiver = receiver
            self.answer = answer
        }

        /// The invitation that travelled as `value`; nil when that is none.
        public init?(_ value: Value, router: Router) {
            guard case .tuple(let ends) = value, ends.count == 2, let receiver = Sender(ends[0], router: router),
                let answer = Sender(ends[1], router: router), receiver.context == answer.context
            else { return nil }
            self.init(receiver: receiver, answer: answer)
        }

        /// What travels.
        public var value: Value { .tuple([receiver.value, answer.value]) }

        var router: Router { receiver.context.router }
    }
}

extension Channel: AsyncSequence {
    public func makeAsyncIterator() -> Receiver<Value>.Iterator { receiver.makeAsyncIterator() }
}
