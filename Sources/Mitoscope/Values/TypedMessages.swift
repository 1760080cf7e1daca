public import MitoCore

// Messages of any type that can be encoded, beside those of plain values.

extension ReceivedMessage {
    /// What was sent, as a type of the program.
    ///
    /// ```swift
    /// let disk = try message.decode(as: Disk.self)
    /// ```
    ///
    /// - Throws: as `value` does, and `.stream` when it is something else than a `Content`.
    public func decode<Content: Decodable>(as type: Content.Type = Content.self) throws(MitoscopeError) -> Content {
        try router.decode(type, from: try value())
    }

    /// Answers with anything that can be encoded. Does nothing when no answer is wanted. Throws `.argument` when it
    /// cannot travel.
    public func reply(encoding content: some Encodable) throws(MitoscopeError) { reply(try router.encode(content)) }
}

extension Receiver where Item == ReceivedMessage {
    /// The same receiver, of what is in the messages.
    ///
    /// ```swift
    /// for try await disk in receiver.decoded(as: Disk.self) { print(disk.name) }
    /// ```
    public func decoded<Content: Decodable & Sendable>(
        as type: Content.Type = Content.self
    ) -> Receiver<Content> {
        map { message throws(MitoscopeError) in try message.decode() }
    }
}

extension Context {
    /// Sends anything that can be encoded to a handle there, without waiting. Throws `.argument` when it cannot travel.
    public func send(encoding content: some Encodable, to handle: Handle) throws(MitoscopeError) {
        send(try router.encode(content), to: handle)
    }
}

extension Sender {
    /// Sends anything that can be encoded, after everything that was sent or called before, without waiting. Throws
    /// `.argument` when it cannot travel.
    public func send(encoding content: some Encodable) throws(MitoscopeError) {
        send(try context.router.encode(content))
    }
}

extension Router {
    fileprivate func encode(_ content: some Encodable) throws(MitoscopeError) -> Value {
        do {
            return try ValueEncoder(router: self).encode(content)
        } catch {
            throw MitoscopeError(.argument, reason(error), cause: error)
        }
    }

    fileprivate func decode<Content: Decodable>(
        _ type: Content.Type, from value: Value
    ) throws(MitoscopeError) -> Content {
        do {
            return try ValueDecoder(router: self).decode(type, from: value)
        } catch {
            throw MitoscopeError(.stream, reason(error), cause: error)
        }
    }
}
