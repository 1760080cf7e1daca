public import MitoCore

// What is sent and received, as ordinary Swift types: they travel as `ValueEncoder` says.

extension Sender {
    /// Sends anything that can be encoded. Fails as `.argument` when it cannot travel.
    public func send(_ item: some Encodable) throws(MitoscopeError) {
        send(.value(try context.router.encoded(item, for: "a message to \(context.id)")))
    }
}

extension Context {
    /// Sends anything that can be encoded to a handle there. Fails as `.argument` when it cannot travel.
    public func send(_ item: some Encodable, to handle: Handle) throws(MitoscopeError) {
        send(.value(try router.encoded(item, for: "a message to \(id)")), to: handle)
    }
}

extension ReceivedMessage {
    /// What was sent, as a Swift type. Throws as `value()` does, and `.stream` when it is something else.
    public func decode<Item: Decodable>(as type: Item.Type = Item.self) throws(MitoscopeError) -> Item {
        try router.decoded(type, from: try value(), of: "a message from \(message.source)")
    }

    /// Answers with anything that can be encoded. Does nothing when no answer is wanted; fails as `.argument` when it
    /// cannot travel.
    public func reply(_ item: some Encodable) throws(MitoscopeError) {
        reply(.value(try router.encoded(item, for: "a reply to \(message.source)")))
    }
}

extension Receiver where Item == ReceivedMessage {
    /// The same receiver, of what is in the messages as a Swift type; what is something else fails as `.stream`.
    ///
    /// ```swift
    /// let disks = try await Receiver(router).decoding(Disk.self)
    /// for try await disk in disks { print(disk.free) }
    /// ```
    public func decoding<Other: Decodable & Sendable>(_ type: Other.Type = Other.self) -> Receiver<Other> {
        map { message throws(MitoscopeError) in try message.decode(as: type) }
    }
}

extension Receiver where Item == Value {
    /// The same receiver, of values as a Swift type; what is something else fails as `.stream`.
    ///
    /// ```swift
    /// let sizes = hosts.map { $0.callAsync("disk.free", ["/srv"]).decoding(Int.self) }
    /// for try await size in Select(sizes) { print(size) }
    /// ```
    public func decoding<Other: Decodable & Sendable>(_ type: Other.Type = Other.self) -> Receiver<Other> {
        map { [router = reception.router] value throws(MitoscopeError) in
            try router.decoded(type, from: value, of: "what came in")
        }
    }
}

extension Router {
    fileprivate func encoded(_ item: some Encodable, for what: String) throws(MitoscopeError) -> Value {
        do {
            return try ValueEncoder(router: self).encode(item)
        } catch {
            throw MitoscopeError(.argument, "\(what): \(reason(error))", cause: error)
        }
    }

    /// What came in as `value`. Fails as `.stream`, and says of what, when it is something else.
    func decoded<Item: Decodable>(
        _ type: Item.Type, from value: Value, of what: String
    ) throws(MitoscopeError) -> Item {
        do {
            return try ValueDecoder(router: self).decode(type, from: value)
        } catch {
            throw MitoscopeError(.stream, "\(what): \(reason(error))", cause: error)
        }
    }
}
