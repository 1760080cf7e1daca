import MitoCore

/// Where the messages go that come in on handles of the program. Nothing is told to anybody in an order that hashes
/// choose.
struct SinkTable: Sendable {
    private struct Opened {
        let sink: Desk.Sink
        let isPersistent: Bool
        let respondent: ContextID?
    }

    private var opened: [Handle: Opened] = [:]

    var count: Int { opened.count }

    mutating func open(_ handle: Handle, _ opening: HandleOpening, _ sink: @escaping Desk.Sink) {
        opened[handle] = Opened(
            sink: sink, isPersistent: opening.isPersistent, respondent: opening.respondent)
    }

    /// False when the handle is not one of ours.
    mutating func close(_ handle: Handle) -> Bool { opened.removeValue(forKey: handle) != nil }

    /// Shows a message to whoever opened the handle; false when that was nobody here.
    mutating func deliver(_ message: Message, to handle: Handle) -> Bool {
        guard let entry = opened[handle] else { return false }
        if !entry.isPersistent { opened[handle] = nil }
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
