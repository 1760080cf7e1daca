import MitoCore

/// What comes in on receivers that functions here opened.
extension Agent {
    /// Opens a receiver; its sender becomes the result.
    mutating func open(at now: Instant) {
        guard let own = node.identity?.id, inboxes.hasRoom else { return finish(.failure(.tooManyInboxes), at: now) }
        let handle = node.openReceiver(at: now)
        inboxes.open(handle)
        running?.opened.append(handle)
        running?.result = .sender(own, handle)
    }

    /// A message came in on a receiver that a function opened.
    mutating func delivered(_ message: Message, to handle: Handle, at now: Instant) {
        inboxes.receive(message, on: handle)
        collect(handle, at: now)
    }

    /// Whoever streams to a context that is gone, or waits for items from it, has nothing to wait for.
    mutating func lost(_ context: ContextID, at now: Instant) {
        for handle in inboxes.lost(context) { collect(handle, at: now) }
        if case .turn(let stream) = running?.wait, stream.destination == context {
            finish(.failure(.respondentLost), at: now)
        }
    }

    /// Goes on with the function that waits for `handle`, if its last item has come.
    private mutating func collect(_ handle: Handle, at now: Instant) {
        guard running?.wait == .items(handle), inboxes.hasEnded(handle) else { return }
        drain(handle, at: now)
        resume(at: now)
    }

    /// The items of a receiver that ended become the result.
    mutating func drain(_ handle: Handle, at now: Instant) {
        switch take(handle, at: now) {
        case .success(let items): running?.result = items
        case .failure(let error): finish(.failure(error), at: now)
        }
    }

    /// Closes a receiver that a function opened, and no other.
    mutating func take(_ handle: Handle, at now: Instant) -> Result<Value, FunctionError> {
        if inboxes.isOpen(handle) { node.closeReceiver(handle, at: now) }
        return inboxes.close(handle)
    }
}
