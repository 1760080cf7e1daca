import MitoCore
import MitoReport
import MitoTrace

/// The books of a whole run, balanced twice. When the story has come to rest, a context in which no function runs
/// must have nothing open; when the tree was shut down, nobody may have. Whoever was killed, or seen to vanish, takes
/// its own with it; who left the tree keeps it. A receiver that the story opened may be open when it ends.
struct Ledger {
    /// One sentence for each thing that is left over, in the order of the contexts.
    let leftovers: [String]

    init(_ chronicle: Chronicle) {
        var accounts: [ContextID: Account] = [:]
        var gone: Set<ContextID> = []
        var leftovers: [String] = []
        for (index, record) in chronicle.run.records.enumerated() {
            if index == chronicle.end {
                leftovers += Self.sentences(chronicle, accounts, without: gone) {
                    $0.isIdle ? $0.open(inStory: true) : []
                }
            }
            accounts[record.context, default: Account()].book(record.event)
            if let id = record.endedWithoutWord { gone.insert(id) }
            if record.isDetachment { gone.insert(record.context) }
        }
        let last = Self.sentences(chronicle, accounts, without: gone) {
            ($0.isDown ? [] : ["still up"]) + $0.open(inStory: false)
        }
        self.leftovers = leftovers + last.filter { !leftovers.contains($0) }
    }

    private static func sentences(
        _ chronicle: Chronicle, _ accounts: [ContextID: Account], without gone: Set<ContextID>,
        _ open: (Account) -> [String]
    ) -> [String] {
        let tree = chronicle.trace.tree
        let detached = Set(chronicle.run.records.lazy.filter(\.isDetachment).map(\.context))
        return chronicle.contextsInOrder.filter { id in
            !gone.contains(id) && detached.isDisjoint(with: tree.ancestors(of: id))
        }.flatMap { id in
            open(accounts[id, default: Account()]).map { "\(chronicle.name(id)): \($0)" }
        }
    }
}

extension TraceRecord {
    /// The context that this shows to have ended without closing anything: killed, crashed, or vanished.
    fileprivate var endedWithoutWord: ContextID? {
        if isMark(of: KillWord.word, on: event.subject) { return event.subject }
        if event.kind == .contextDown, event.step == 0 { return context }
        return event.kind == .childExited && event.text.hasPrefix("signal") ? event.link : nil
    }
}

/// What one context has opened and not closed.
private struct Account {
    private var handles: Set<Handle> = []
    /// Those of the story's own.
    private var receivers: Set<Handle> = []
    private var calls: [Handle: String] = [:]
    private var timers: Set<Handle> = []
    private var functionsRunning = 0
    private(set) var isDown = false

    mutating func book(_ event: Event) {
        switch event.kind {
        case .handleAdded where !event.tag.isEmpty: receivers.insert(event.handle)
        case .handleAdded where event.handle >= .firstDynamic: handles.insert(event.handle)
        case .handleRemoved where receivers.remove(event.handle) != nil: break
        case .handleRemoved: handles.remove(event.handle)
        case .callStarted: calls[event.handle] = event.text
        case .callEnded: calls[event.handle] = nil
        case .timerArmed: timers.insert(event.handle)
        case .timerFired, .timerCancelled: timers.remove(event.handle)
        case .invocationQueued: functionsRunning += 1
        case .invocationEnded: functionsRunning -= 1
        case .contextDown: isDown = true
        default: break
        }
    }

    /// Does no function run that may have opened something?
    var isIdle: Bool { functionsRunning <= 0 }

    /// What is open still; a story's own receivers may be as long as it lasts.
    func open(inStory: Bool) -> [String] {
        let handles = handles.union(inStory ? [] : receivers).sorted().map { "handle \($0) is open" }
        let calls = calls.sorted { $0.key < $1.key }.map { "the call to \($0.value) has not ended" }
        return handles + calls + timers.sorted().map { "the timer of handle \($0) runs" }
    }
}
