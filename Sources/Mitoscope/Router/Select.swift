public import MitoCore
import Synchronization

/// Many receivers, latches and selects waited for as one: whichever has something first is taken from first.
///
/// A one-shot select, which is the usual kind, drops each member that has given an item: it asks each once. Any other
/// keeps its members until they are removed or nothing more can come from them. Members may be added at any time, also
/// while somebody waits or iterates. A receiver, latch or select is a member of one select at a time.
///
/// ```swift
/// for try await size in Select(hosts.map { $0.callAsync("disk_usage") }) { print(size) }
///
/// let jobs = Select([first, second])              // a scheduler: it goes on for as long as it has members
/// while let done = try await jobs.nextEvent() { try jobs.add(nextJob(after: done.item)) }
/// ```
public final class Select<Item: Sendable>: Sendable {
    private struct State {
        /// Walked only where the order makes no difference.
        var members: [ObjectIdentifier: SelectMember<Item>] = [:]
        /// By member: how many entries of `ready` are its.
        var announced: [ObjectIdentifier: Int] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    /// The members that have something, one entry for each item, in the order in which the items came.
    let ready = Latch<ObjectIdentifier>()
    /// Does a member leave when it has given an item?
    public let isOneshot: Bool

    /// A select without members.
    public init(oneshot: Bool = true) { isOneshot = oneshot }

    /// A select of receivers; what has come in on them already counts, and one from which nothing can come is left out.
    /// None may be the member of another select, which only a mistake of the caller's can cause: `add` tells instead.
    public convenience init(oneshot: Bool = true, _ receivers: [Receiver<Item>]) {
        self.init(oneshot: oneshot)
        for receiver in receivers {
            do throws(MitoscopeError) {
                try add(receiver)
            } catch {
                if error.code == .usage { fatalError("a Receiver of a new Select is owned by another, or given twice") }
            }
        }
    }

    deinit {
        for member in members { member.unwatch() }
    }

    // MARK: Members

    /// Adds a receiver; what has come in on it already counts. Throws `.usage` when it is the member of a select
    /// already, `.channel` when nothing can come from it, and `.latch` when this select is closed.
    public func add(_ receiver: Receiver<Item>) throws(MitoscopeError) { try add(SelectMember(receiver)) }

    /// Adds a latch. Throws as for a receiver, but `.latch` when it is closed.
    public func add(_ latch: Latch<Item>) throws(MitoscopeError) { try add(SelectMember(latch)) }

    /// Adds another select: what it has ready is ready here. Throws as for a receiver, and `.usage` when it is this one
    /// or contains it.
    public func add(_ select: Select<Item>) throws(MitoscopeError) {
        try nesting.withLock { _ throws(MitoscopeError) in
            guard select !== self, !select.contains(ObjectIdentifier(self)) else { throw .selectCycle }
            try add(SelectMember(select))
        }
    }

    /// Takes a member out; what it has stays with it. Throws `.usage` when it is no member.
    public func remove(_ receiver: Receiver<Item>) throws(MitoscopeError) { try remove(SelectMember(receiver).id) }
    /// Takes a latch out.
    public func remove(_ latch: Latch<Item>) throws(MitoscopeError) { try remove(SelectMember(latch).id) }
    /// Takes another select out; it keeps its own members.
    public func remove(_ select: Select<Item>) throws(MitoscopeError) { try remove(ObjectIdentifier(select)) }

    /// Has it no member, or none but selects without members? Nothing can come then, and nobody waits for it.
    public var isEmpty: Bool { members.allSatisfy(\.isVoid) }

    /// How many items wait in all members together.
    public var count: Int { members.reduce(0) { $0 + $1.count } }

    /// Lets go of all members, and wakes whoever waits with a `.latch` error. Nothing can be added afterwards. Closing
    /// again does nothing.
    public func close() {
        let members = state.withLock { state in
            defer { state.members = [:] }
            state.isClosed = true
            return state.members.values
        }
        for member in members { member.unwatch() }
        ready.close(.selectClosed)
    }

    // MARK: Waiting

    /// Where an item came from, and the item.
    public struct Event: Sendable {
        /// The receiver or latch itself, however many selects were between.
        public let source: Source
        public let item: Item
    }

    /// What gives items.
    public enum Source: Sendable {
        case receiver(Receiver<Item>)
        case latch(Latch<Item>)
    }

    /// Suspends this task until a member has an item.
    ///
    /// - Parameter timeout: how long to wait for any sign of a member; zero means not to wait.
    /// - Throws: what taking the item throws. A member whose dead message was thrown stays, unless nothing more can
    ///   come from it. `.usage` when there are no members, `.timeout`, `.cancelled`, and `.latch` when the select is
    ///   closed meanwhile.
    public func getEvent(timeout: Duration? = nil) async throws(MitoscopeError) -> Event {
        guard let event = try await nextEvent(timeout: timeout) else { throw .selectEmpty }
        return event
    }

    /// Blocks this thread until a member has an item; fails as the async form does.
    public func getEvent(timeout: Duration? = nil) throws(MitoscopeError) -> Event {
        guard let event = try nextEvent(timeout: timeout) else { throw .selectEmpty }
        return event
    }

    /// Suspends this task until a member has an item.
    public func get(timeout: Duration? = nil) async throws(MitoscopeError) -> Item {
        try await getEvent(timeout: timeout).item
    }

    /// Blocks this thread until a member has an item.
    public func get(timeout: Duration? = nil) throws(MitoscopeError) -> Item { try getEvent(timeout: timeout).item }

    /// The next item and where it came from, or nil when no member is left.
    public func nextEvent(timeout: Duration? = nil) async throws(MitoscopeError) -> Event? {
        while !isEmpty {
            if let event = try take(from: try await ready.get(timeout: timeout)) { return event }
        }
        return nil
    }

    /// The next item and where it came from, or nil when no member is left; blocks this thread.
    public func nextEvent(timeout: Duration? = nil) throws(MitoscopeError) -> Event? {
        while !isEmpty {
            if let event = try take(from: try ready.get(timeout: timeout, from: world)) { return event }
        }
        return nil
    }

    /// What all receivers give, one item each, in the order in which it comes.
    public static func all(_ receivers: [Receiver<Item>]) async throws(MitoscopeError) -> [Item] {
        let select = Select(receivers)
        var items: [Item] = []
        while let event = try await select.nextEvent() { items.append(event.item) }
        return items
    }

    /// What all receivers give, for a thread that may block.
    public static func all(_ receivers: [Receiver<Item>]) throws(MitoscopeError) -> [Item] {
        let select = Select(receivers)
        var items: [Item] = []
        while let event = try select.nextEvent() { items.append(event.item) }
        return items
    }
}

extension Select: AsyncSequence {
    public func makeAsyncIterator() -> Iterator { Iterator(select: self) }

    /// One pass over what members give, for as long as there are any.
    public struct Iterator: AsyncIteratorProtocol {
        let select: Select

        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(MitoscopeError) -> Item? {
            try await select.nextEvent()?.item
        }
    }
}

// MARK: Inside

extension Select {
    /// How many wait for a member.
    package var sleeperCount: Int { ready.sleeperCount }
    /// How many entries wait to be looked at.
    package var announcedCount: Int { ready.available }

    /// What is ready now; nil when nothing is.
    func takeNow() throws(MitoscopeError) -> Event? {
        while let id = try ready.takeNow() {
            if let event = try take(from: id) { return event }
        }
        return nil
    }

    /// Where members have their items from, or some of them; nil when from nowhere but this process.
    var world: (any World)? { members.lazy.compactMap(\.world).first }

    /// Is it among the members, or theirs?
    func contains(_ id: ObjectIdentifier) -> Bool {
        members.contains { $0.id == id || $0.contains(id) }
    }

    private var members: some Sequence<SelectMember<Item>> { state.withLock { $0.members.values } }

    private func add(_ member: SelectMember<Item>) throws(MitoscopeError) {
        let objection: MitoscopeError? = state.withLock { state in
            if state.isClosed { return .selectClosed }
            if state.members[member.id] != nil { return .selectOwned }
            state.members[member.id] = member
            return nil
        }
        if let objection { throw objection }
        do throws(MitoscopeError) {
            let buffered = try member.watch { [weak self] in self?.announce(member.id) }
            guard let buffered else { throw .selectOwned }
            for _ in 0..<buffered { announce(member.id) }
        } catch {
            state.withLock { $0.members[member.id] = nil }
            throw error
        }
    }

    private func remove(_ id: ObjectIdentifier) throws(MitoscopeError) {
        guard drop(id) else { throw .selectStranger }
    }

    /// False when it is no member.
    @discardableResult
    private func drop(_ id: ObjectIdentifier) -> Bool {
        let member = state.withLock { state in
            state.announced[id] = nil
            return state.members.removeValue(forKey: id)
        }
        member?.unwatch()
        return member != nil
    }

    /// A member has another item, or came to its end. There are never more entries than the member had items at once:
    /// whoever takes from it past this select would leave them here for ever.
    private func announce(_ id: ObjectIdentifier) {
        let isNews = state.withLock { state in
            guard let member = state.members[id] else { return false }
            guard state.announced[id, default: 0] < Swift.max(1, member.available) else { return false }
            state.announced[id, default: 0] += 1
            return true
        }
        if isNews { ready.offer(id) }
    }

    /// The item that was announced; nil when somebody else has taken it, or the member is gone or at its end.
    private func take(from id: ObjectIdentifier) throws(MitoscopeError) -> Event? {
        let member = state.withLock { state in
            if let count = state.announced[id] { state.announced[id] = count > 1 ? count - 1 : nil }
            return state.members[id]
        }
        guard let member else { return nil }
        let taken: SelectMember<Item>.Taken
        do throws(MitoscopeError) {
            taken = try member.take()
        } catch {
            // It has given what it had for us, were it not a dead message, which leaves room for more.
            if isOneshot && error.code != .channel || member.hasEnded { drop(id) }
            throw error
        }
        switch taken {
        case .nothing: return nil
        case .ended:
            drop(id)
            return nil
        case .event(let event):
            if isOneshot || member.hasEnded { drop(id) }
            return event
        }
    }
}

/// Two selects that are added to each other at the same time would not see the cycle.
private let nesting = Mutex(())
