import MitoCore

/// A receiver, a latch or a select, as the select sees it whose member it is.
struct SelectMember<Item: Sendable>: Sendable {
    enum Taken {
        case event(Select<Item>.Event)
        case nothing
        /// Nothing more can come.
        case ended
    }

    let id: ObjectIdentifier
    /// Has news told to the select; how many items there are already, nil when another select has it.
    let watch: @Sendable (@escaping @Sendable () -> Void) throws(MitoscopeError) -> Int?
    let unwatch: @Sendable () -> Void
    /// Takes the oldest item without waiting.
    let take: @Sendable () throws(MitoscopeError) -> Taken
    private let look: @Sendable () -> Look
    private let origin: @Sendable () -> (any World)?

    private struct Look {
        var available: Int
        var count: Int
        var hasEnded: Bool
        var isVoid = false

        init<Element: Sendable>(_ latch: Latch<Element>) {
            available = latch.available
            count = available
            hasEnded = latch.hasEnded
        }
    }

    /// How many items it may have announced.
    var available: Int { look().available }
    /// How many items there are.
    var count: Int { look().count }
    /// Will no more items come, and are none left?
    var hasEnded: Bool { look().hasEnded }
    /// Is it a select without members?
    var isVoid: Bool { look().isVoid }
    /// Where it has its items from.
    var world: (any World)? { origin() }

    private let isBelow: @Sendable (ObjectIdentifier) -> Bool

    /// Is that one of its own members?
    func contains(_ id: ObjectIdentifier) -> Bool { isBelow(id) }

    init(_ receiver: Receiver<Item>) {
        let arrivals = receiver.reception.arrivals
        id = ObjectIdentifier(arrivals)
        watch = { watcher throws(MitoscopeError) in try arrivals.watch(watcher) }
        unwatch = { arrivals.unwatch() }
        look = { Look(arrivals) }
        origin = { receiver.reception.router.world }
        isBelow = { _ in false }
        take = { () throws(MitoscopeError) in
            guard let arrival = Self.next(of: arrivals) else { return arrivals.hasEnded ? .ended : .nothing }
            return .event(.init(source: .receiver(receiver), item: try receiver.open(arrival)))
        }
    }

    init(_ latch: Latch<Item>) {
        id = ObjectIdentifier(latch)
        watch = { watcher throws(MitoscopeError) in try latch.watch(watcher) }
        unwatch = { latch.unwatch() }
        look = { Look(latch) }
        origin = { nil }
        isBelow = { _ in false }
        take = { () throws(MitoscopeError) in
            guard let item = Self.next(of: latch) else { return latch.hasEnded ? .ended : .nothing }
            return .event(.init(source: .latch(latch), item: item))
        }
    }

    init(_ select: Select<Item>) {
        id = ObjectIdentifier(select)
        watch = { watcher throws(MitoscopeError) in try select.ready.watch(watcher) }
        unwatch = { select.ready.unwatch() }
        look = {
            var look = Look(select.ready)
            look.count = select.count
            look.isVoid = select.isEmpty
            return look
        }
        origin = { select.world }
        isBelow = { select.contains($0) }
        take = { () throws(MitoscopeError) in
            if select.ready.hasEnded { return .ended }
            guard let event = try select.takeNow() else { return .nothing }
            return .event(event)
        }
    }

    /// The end of a latch is not an error here: its member leaves.
    private static func next<Element: Sendable>(of latch: Latch<Element>) -> Element? {
        (try? latch.takeNow()) ?? nil
    }
}
