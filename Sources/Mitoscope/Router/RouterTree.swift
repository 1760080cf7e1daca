import DequeModule
public import MitoCore
import Synchronization

/// Who this router is in its tree, and whom it knows.
extension Router {
    /// Is this the root of the tree?
    public var isMaster: Bool { identity.ancestors.isEmpty }
    /// The number of this router's own context; 0 in the root.
    public var contextID: ContextID { identity.id }
    /// The context above; nil in the root.
    public var parentID: ContextID? { identity.ancestors.first }
    /// All contexts above, nearest first, the root last.
    public var parentIDs: [ContextID] { identity.ancestors }
    /// This router's own context.
    public var myself: Context { contextByID(identity.id, name: "self") }

    /// The context with a number, whether or not it can be reached.
    ///
    /// - Parameters:
    ///   - id: its number.
    ///   - via: the context that it is below, where that is known: it is named in errors.
    ///   - name: what to call it.
    public func contextByID(_ id: ContextID, via: Context? = nil, name: String? = nil) -> Context {
        Context(id: id, name: name, path: id == identity.id ? [] : (via?.path ?? []) + [id], router: self)
    }

    /// Sends a message as this router's context, without waiting: its source and authority are set here.
    public func route(_ message: Message) {
        world.submit("a message") { agent, _, now in agent.node.send(message, at: now) }
    }

    /// A number that no other context of this tree will have.
    ///
    /// The root hands them out in blocks of 1000, one of which is kept here until it is used up. What starts contexts
    /// numbers them itself: this is for programs that bring contexts in by means of their own.
    public func allocateID() async throws(MitoscopeError) -> ContextID {
        while true {
            if let id = nextReservedID() { return id }
            try keep(try await contextByID(.master).sendAwait(.raw([]), to: .allocateID))
        }
    }

    /// A number that no other context of this tree will have, for a thread that may block.
    public func allocateID() throws(MitoscopeError) -> ContextID {
        while true {
            if let id = nextReservedID() { return id }
            try keep(try contextByID(.master).sendAwait(.raw([]), to: .allocateID))
        }
    }

    private func nextReservedID() -> ContextID? { state.withLock { $0.reservedIDs.popFirst().map { ContextID($0) } } }

    /// Of two blocks that were asked for at once, the one that came first is used up first.
    private func keep(_ answer: ReceivedMessage) throws(MitoscopeError) {
        guard case .tuple(let bounds) = try answer.value(), bounds.count == 2, case .int(let low) = bounds[0],
            case .int(let high) = bounds[1], let first = UInt32(exactly: low), let end = UInt32(exactly: high),
            first < end
        else { throw MitoscopeError(.stream, "the root answered with something else than a block of ids") }
        state.withLock { $0.reservedIDs.append(contentsOf: (first..<end).prefix(1000)) }
    }
}

// MARK: Events

extension Router {
    /// Something that happened to the tree.
    public enum Event: Hashable, Sendable {
        /// A context that this router connected is up.
        case up(Context)
        /// A context cannot be reached any more.
        case lost(Context)
        /// This router's context has begun to end.
        case ending

        init(_ news: Desk.News, _ router: Router) {
            switch news {
            case .up(let id, let name): self = .up(router.contextByID(id, name: name))
            case .lost(let id): self = .lost(router.contextByID(id))
            case .ending: self = .ending
            }
        }
    }

    /// What happens to the tree from now on. The sequence ends with the router.
    ///
    /// ```swift
    /// for try await case .lost(let context) in router.events() { print("\(context.id) is gone") }
    /// ```
    public func events() -> Receiver<Event> {
        let reception = Reception(router: self)
        reception.watch(once: false, already: { _ in nil }, wanted: { _ in true })
        return Receiver(reception: reception) { arrival, router throws(MitoscopeError) in try arrival.event(router) }
    }
}
