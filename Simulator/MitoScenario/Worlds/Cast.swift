import MitoCore
import MitoTrace

/// Who plays whom: the ids of the story's contexts, as the root's own connect commands end.
struct Cast {
    private(set) var ids: [String: ContextID] = ["master": .master]
    private var failures: [String: String] = [:]
    /// The context that a connect command's name stands for.
    private var awaited: [String: String] = [:]
    /// Those that came up without having been connected from here, until the root knows the way to them.
    private var strangers: [ContextID: String] = [:]

    /// How far a context has come.
    enum State: Equatable {
        case awaited
        case up(ContextID)
        case failed(String)
    }

    /// The name under which a context is connected before the story begins; no file can write it.
    static func setUpName(of context: String) -> String { "set-up.\(context)" }

    /// A connect command called `name` will bring up `context`, or not.
    mutating func expect(_ context: String, from name: String) { awaited[name] = context }

    mutating func observe(_ record: TraceRecord) {
        let event = record.event
        if event.kind == .contextUp, ids[event.text] == nil, !awaited.values.contains(event.text) {
            strangers[record.context] = event.text
        }
        if event.kind == .routeAdded, record.context == .master, let name = strangers.removeValue(forKey: event.subject)
        {
            ids[name] = event.subject
        }
        guard record.event.kind == .connectEnded, record.context == .master,
            let context = awaited.removeValue(forKey: record.event.tag)
        else { return }
        if record.event.reason == .none {
            ids[context] = record.event.subject
        } else {
            failures[context] = record.event.text
        }
    }

    /// The contexts that chance may choose from: all that came up but the root, in the order of their ids.
    var victims: [ContextID] { ids.values.filter { $0 != .master }.sorted() }

    func state(of context: String) -> State {
        if let id = ids[context] { return .up(id) }
        return failures[context].map(State.failed) ?? .awaited
    }
}
