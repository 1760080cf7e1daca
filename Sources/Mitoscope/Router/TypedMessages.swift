public import MitoCore

// What is sent, received and called without waiting, as ordinary Swift types: they travel as `ValueEncoder` says.

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

    /// Calls a function, without waiting: the receiver gets its result, or its failure. Dropping the receiver gives the
    /// call up.
    ///
    /// ```swift
    /// for try await size in Select(try hosts.map { try $0.callAsync(diskUsage, "/") }) { print(size) }
    /// ```
    ///
    /// - Throws: `.argument` when an argument cannot travel; nothing was sent then.
    public func callAsync<Result, each Argument>(
        _ function: RemoteFunction<Result, repeat each Argument>, _ argument: repeat each Argument,
        timeout: Duration? = nil
    ) throws(MitoscopeError) -> Receiver<Result> {
        var request = CallRequest(function.name, on: id, try function.values(repeat each argument, from: router))
        request.timeout = timeout
        return callAsync(request, of: function)
    }

    /// Calls a function that has no arguments, without waiting.
    public func callAsync<Result>(
        _ function: RemoteFunction<Result>, timeout: Duration? = nil
    ) -> Receiver<Result> {
        var request = CallRequest(function.name, on: id)
        request.timeout = timeout
        return callAsync(request, of: function)
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

extension Router {
    fileprivate func encoded(_ item: some Encodable, for what: String) throws(MitoscopeError) -> Value {
        do {
            return try ValueEncoder(router: self).encode(item)
        } catch {
            throw MitoscopeError(.argument, "\(what): \(reason(error))", cause: error)
        }
    }

    fileprivate func decoded<Item: Decodable>(
        _ type: Item.Type, from value: Value, of what: String
    ) throws(MitoscopeError) -> Item {
        do {
            return try ValueDecoder(router: self).decode(type, from: value)
        } catch {
            throw MitoscopeError(.stream, "\(what): \(reason(error))", cause: error)
        }
    }
}
