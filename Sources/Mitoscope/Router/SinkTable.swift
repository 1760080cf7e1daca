import MitoCore

/// Where the messages go that come in on handles of the program. Nothing is told to anybody in an order that hashes
/// choose.
struct SinkTable: Sendable {
    private struct Opened {
        let sink: Desk.Sink
        let isPersistent: Bool
        let respondent: ContextID?
        /// How many messages it was shown.
        var shown: UInt64 = 0
    }

    private var opened: [Handle: Opened] = [:]

    var count: Int { opened.count }
    /// The open ones, least first, and how many messages each was shown.
    var shown: [(handle: Handle, count: UInt64)] {
        opened.map { (handle: $0.key, count: $0.value.shown) }.sorted { $0.handle < $1.handle }
    }
    /// Does any of them close when a context is lost?
    var hasRespondents: Bool { opened.values.contains { $0.respondent != nil } }

    mutating func open(_ handle: Handle, _ opening: HandleOpening, _ sink: @escaping Desk.Sink) {
        opened[handle] = Opened(
            sink: sink, isPersistent: opening.isPersistent, respondent: opening.respondent)
    }

    /// False when the handle is not one of ours.
    mutating func close(_ handle: Handle) -> Bool { opened.removeValue(forKey: handle) != nil }

    /// Shows a message to whoever opened the handle; false when that was nobody here.
    mutating func deliver(_ message: Message, to handle: Handle) -> Bool {
        guard let place = opened.index(forKey: handle) else { return false }
        opened.values[place].shown += 1
        let entry = opened.values[place]
        if !entry.isPersistent { opened.remove(at: place) }
        entry.sink(message)
        if !entry.isPersistent { entry.sink(nil) }
        return true
    }

    /// The node has closed every handle that only `context` could send to.
    mutating func lost(_ context: ContextID) { end { $0.respondent == context } }

    /// The node has closed all handles.
    mutating func end() { end { _ in true } }

    private mutating func end(where isOver: (Opened) -> Bool) {
        let ended = opened.filter { isOver($0.value) }.sorted { $0.key < $1.key }
        for (handle, entry) in ended {
            opened[handle] = nil
            entry.sink(nil)
        }
    }
}

/// Who wants to know what happens to the tree, in the order of asking.
struct WatcherTable: Sendable {
    private var watchers: [(id: CommandID, watcher: Desk.Watcher)] = []

    var isEmpty: Bool { watchers.isEmpty }

    mutating func add(_ id: CommandID, _ watcher: @escaping Desk.Watcher) { watchers.append((id, watcher)) }

    mutating func remove(_ id: CommandID) { watchers.removeAll { $0.id == id } }

    func tell(_ news: Desk.News) {
        for (_, watcher) in watchers { watcher(news) }
    }

    mutating func end() {
        for (_, watcher) in watchers { watcher(nil) }
        watchers = []
    }
}
