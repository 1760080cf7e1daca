import MitoCore
import MitoTrace

/// The books of a whole run, balanced after the tree was shut down: what was opened in a context must be closed before
/// the context comes to its end. One that was killed takes its own with it,
/// and so does one that the world saw vanish.
struct Ledger {
    /// One sentence for each thing that is left over, in the order of the contexts.
    let leftovers: [String]

    init(_ chronicle: Chronicle) {
        var accounts: [ContextID: Account] = [:]
        for record in chronicle.run.records { accounts[record.context, default: Account()].book(record.event) }
        var killed: Set<ContextID> = []
        for record in chronicle.run.records {
            let event = record.event
            if record.isMark(of: KillWord.word, on: event.subject) { killed.insert(event.subject) }
            if event.kind == .contextDown, event.step == 0 { killed.insert(record.context) }
            if event.kind == .childExited, event.text.hasPrefix("signal") { killed.insert(event.link) }
        }
        leftovers = chronicle.contextsInOrder.filter { !killed.contains($0) }.flatMap { id in
            accounts[id, default: Account()].open.map { "\(chronicle.name(id)): \($0)" }
        }
    }
}

/// What one context has opened and not closed.
private struct Account {
    private var handles: Set<Handle> = []
    private var calls: [Handle: String] = [:]
    private var timers: Set<Handle> = []
    private var isDown = false

    mutating func book(_ event: Event) {
        switch event.kind {
        case .handleAdded where event.handle >= .firstDynamic: handles.insert(event.handle)
        case .handleRemoved: handles.remove(event.handle)
        case .callStarted: calls[event.handle] = event.text
        case .callEnded: calls[event.handle] = nil
        case .timerArmed: timers.insert(event.handle)
        case .timerFired, .timerCancelled: timers.remove(event.handle)
        case .contextDown: isDown = true
        default: break
        }
    }

    var open: [String] {
        var sentences = isDown ? [] : ["still up"]
        sentences += handles.sorted().map { "handle \($0) is open" }
        sentences += calls.sorted { $0.key < $1.key }.map { "the call to \($0.value) has not ended" }
        sentences += timers.sorted().map { "the timer of handle \($0) runs" }
        return sentences
    }
}
