import MitoCore
import MitoTrace

/// The books of a whole run, balanced twice. When the story has come to rest, a context in which no function runs
/// must have nothing open; when the tree was shut down, nobody may have. Whoever was killed, or seen to vanish, takes
/// its own with it.
struct Ledger {
    /// One sentence for each thing that is left over, in the order of the contexts.
    let leftovers: [String]

    init(_ chronicle: Chronicle) {
        var accounts: [ContextID: Account] = [:]
        var killed: Set<ContextID> = []
        var leftovers: [String] = []
        for (index, record) in chronicle.run.records.enumerated() {
            if index == chronicle.end {
                leftovers += Self.sentences(chronicle, accounts, without: killed) { $0.isIdle ? $0.open : [] }
            }
            accounts[record.context, default: Account()].book(record.event)
            if let gone = record.endedWithoutWord { killed.insert(gone) }
        }
        let last = Self.sentences(chronicle, accounts, without: killed) { ($0.isDown ? [] : ["still up"]) + $0.open }
        self.leftovers = leftovers + last.filter { !leftovers.contains($0) }
    }

    private static func sentences(
        _ chronicle: Chronicle, _ accounts: [ContextID: Account], without killed: Set<ContextID>,
        _ open: (Account) -> [String]
    ) -> [String] {
        chronicle.contextsInOrder.filter { !killed.contains($0) }.flatMap { id in
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
    private var calls: [Handle: String] = [:]
    private var timers: Set<Handle> = []
    private var functionsRunning = 0
    private(set) var isDown = false

    mutating func book(_ event: Event) {
        switch event.kind {
        case .handleAdded where event.handle >= .firstDynamic: handles.insert(event.handle)
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

    var open: [String] {
        let handles = handles.sorted().map { "handle \($0) is open" }
        let calls = calls.sorted { $0.key < $1.key }.map { "the call to \($0.value) has not ended" }
        return handles + calls + timers.sorted().map { "the timer of handle \($0) runs" }
    }
}
