import DequeModule
public import MitoCore
import Synchronization

/// A queue from whoever has items to whoever wants them, threads and tasks alike. It needs no router.
///
/// Items come out in the order in which they went in, and whoever began to wait first is served first. Waiting has an
/// async form and a blocking form; both take a time-out, of which zero means not to wait at all.
///
/// ```swift
/// let latch = Latch<Int>()
/// try latch.put(42)
/// let number = try await latch.get(timeout: .seconds(5))      // on a thread without a task: try latch.get(…)
/// latch.close()                                               // whoever waits gets a LatchError
/// ```
public final class Latch<Item: Sendable>: Sendable {
    private struct State {
        var items: Deque<Item> = []
        /// Whoever waits, first come first served; there are none while there are items.
        var sleepers: Deque<Sleeper> = []
        /// Why no item will come any more.
        var end: MitoscopeError?
        /// Told of each item that nobody was waiting for, and of the end.
        var watcher: Watcher?
    }

    private typealias Sleeper = Answer<Result<Item, MitoscopeError>>
    typealias Watcher = @Sendable () -> Void

    private let state = Mutex(State())

    public init() {}

    /// Gives an item to whoever waits longest, or keeps it. Throws `.latch` after `close`.
    public func put(_ item: Item) throws(MitoscopeError) {
        if let end = offer(item) { throw end }
    }

    /// Suspends this task until there is an item. Fails as `.timeout` when none came in time, as `.cancelled` when this
    /// task is, and as `.latch` once the latch is closed.
    public func get(timeout: Duration? = nil) async throws(MitoscopeError) -> Item {
        switch take(orSleep: timeout.map { $0 > .zero } ?? true) {
        case .item(let item): return item
        case .failure(let error): throw error
        case .asleep(let sleeper):
            do throws(MitoscopeError) {
                return try await sleeper.result(timeout: timeout)
            } catch {
                forget(sleeper)
                throw error
            }
        }
    }

    /// Blocks this thread until there is an item; fails as the async form does.
    public func get(timeout: Duration? = nil) throws(MitoscopeError) -> Item { try get(timeout: timeout, from: nil) }

    /// Blocks this thread until there is an item, which comes from `world`, if anywhere.
    func get(timeout: Duration?, from world: (any World)?) throws(MitoscopeError) -> Item {
        switch take(orSleep: timeout.map { $0 > .zero } ?? true) {
        case .item(let item): return item
        case .failure(let error): throw error
        case .asleep(let sleeper):
            do throws(MitoscopeError) {
                return try sleeper.result(timeout: timeout, from: world)
            } catch {
                forget(sleeper)
                throw error
            }
        }
    }

    /// How many items nobody has taken yet. Throws `.latch` after `close`.
    public var count: Int {
        get throws(MitoscopeError) {
            let (count, end) = state.withLock { ($0.items.count, $0.end) }
            if let end, count == 0 { throw end }
            return count
        }
    }

    /// Closes the latch: what is in it is lost, and everybody who waits, or comes later, gets a `.latch` error. Closing
    /// again does nothing.
    public func close() { close(.latchClosed) }
}

extension Latch where Item == Void {
    /// Wakes whoever waits longest, or the next who comes.
    public func put() throws(MitoscopeError) { try put(()) }
}

// MARK: For receivers and selects

extension Latch {
    /// Gives an item on; why not, when the latch is closed.
    @discardableResult
    func offer(_ item: Item) -> MitoscopeError? {
        while true {
            let (sleeper, watcher, end) = state.withLock { state -> (Sleeper?, Watcher?, MitoscopeError?) in
                if let end = state.end { return (nil, nil, end) }
                if let sleeper = state.sleepers.popFirst() { return (sleeper, nil, nil) }
                state.items.append(item)
                return (nil, state.watcher, nil)
            }
            guard let sleeper else {
                watcher?()
                return end
            }
            // One that gave up a moment ago takes nothing: the next one is served.
            if sleeper.give(.success(item)) { return nil }
        }
    }

    /// Closes the latch with an error of one's own.
    func close(_ error: MitoscopeError) { end(error, keepsItems: false) }

    /// No more items will come: whoever waits gets the error, as does everybody once what is there was taken.
    func finish(_ error: MitoscopeError) { end(error, keepsItems: true) }

    private func end(_ error: MitoscopeError, keepsItems: Bool) {
        let (sleepers, watcher) = state.withLock { state -> (Deque<Sleeper>, Watcher?) in
            if !keepsItems { state.items = [] }
            guard state.end == nil || !keepsItems else { return ([], nil) }
            state.end = error
            defer { state.sleepers = [] }
            return (state.sleepers, state.watcher)
        }
        for sleeper in sleepers { sleeper.give(.failure(error)) }
        watcher?()
    }

    /// The oldest item; nil when there is none yet. Throws when none will come.
    func takeNow() throws(MitoscopeError) -> Item? {
        switch take(orSleep: false) {
        case .item(let item): return item
        case .failure(let error) where error.code == .timeout: return nil
        case .failure(let error): throw error
        case .asleep: preconditionFailure("nobody sleeps who takes what is there")
        }
    }

    /// Will no more items come, and are none left?
    var hasEnded: Bool { state.withLock { $0.end != nil && $0.items.isEmpty } }

    /// How many wait for an item.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// How many items there are; none after the end.
    var available: Int { state.withLock { $0.items.count } }

    /// Has each further item that nobody waits for, and the end, told to `watcher`. Returns how many items are there
    /// already; nil when another watches. Throws when no item will come.
    func watch(_ watcher: @escaping Watcher) throws(MitoscopeError) -> Int? {
        let (count, end) = state.withLock { state -> (Int?, MitoscopeError?) in
            if state.items.isEmpty, let end = state.end { return (nil, end) }
            guard state.watcher == nil else { return (nil, nil) }
            state.watcher = watcher
            return (state.items.count, nil)
        }
        if let end { throw end }
        return count
    }

    func unwatch() { state.withLock { $0.watcher = nil } }

    private enum Taken {
        case item(Item)
        case failure(MitoscopeError)
        case asleep(Sleeper)
    }

    private func take(orSleep mayWait: Bool) -> Taken {
        state.withLock { state in
            if let item = state.items.popFirst() { return .item(item) }
            if let end = state.end { return .failure(end) }
            guard mayWait else { return .failure(.timedOut) }
            let sleeper = Sleeper()
            state.sleepers.append(sleeper)
            return .asleep(sleeper)
        }
    }

    /// It does not wait any more.
    private func forget(_ sleeper: Sleeper) {
        state.withLock { state in state.sleepers.removeAll { $0 === sleeper } }
    }
}
