public import MitoCore
public import MitoTrace

/// What belonged to something that is over is gone with it: the handle and the deadline of a call, the wait of a
/// function, the egress set and the failed chains of a context that is no more.
///
/// The trace tells what a context means to hold; what it does hold, and tasks, descriptors and processes, only the
/// world can count: `audit` compares.
public struct NothingLeftBehind: Checker {
    public let invariant = Invariant.nothingLeftBehind

    public init() {}

    public mutating func observe(_ record: TraceRecord) {
        kinship.observe(record)
        last = record
        if let victim = record.victim { return accounts[victim] = nil }
        let event = record.event
        let context = record.context
        switch event.kind {
        case .handleAdded: accounts[context, default: Account()].openHandles.insert(event.handle)
        case .handleRemoved: accounts[context, default: Account()].openHandles.remove(event.handle)
        case .timerArmed: accounts[context, default: Account()].armedTimers.insert(event.handle)
        case .timerFired, .timerCancelled: accounts[context, default: Account()].armedTimers.remove(event.handle)
        case .callStarted:
            accounts[context, default: Account()].calls[event.handle] = event.destination
            accounts[context, default: Account()].latestCall = event.handle
        case .callEnded: callEnded(record)
        case .waiterParked:
            let waits = event.text.hasPrefix("call ") ? accounts[context]?.latestCall : nil
            accounts[context, default: Account()].parked = Wait(what: event.text, call: waits)
        case .waiterWoken, .invocationEnded: accounts[context]?.parked = nil
        case .frameIn where !(event.link == context && context != .master):
            accounts[context, default: Account()].addressed[event.link, default: []].insert(event.destination)
        case .contextLost:
            accounts[context, default: Account()].lost(event.subject)
            for link in accounts[context]?.addressed.keys.sorted() ?? [] {
                accounts[context]?.addressed[link]?.remove(event.subject)
            }
        case .linkDown: accounts[context]?.addressed[event.link] = nil
        case .contextDown: contextEnded(record)
        case .childExited: accounts[event.subject] = nil
        default: break
        }
    }

    public mutating func rested() {
        for context in accounts.keys.sorted() where kinship.isHere(context) {
            guard let account = accounts[context] else { continue }
            for handle in account.calls.keys.sorted() {
                guard let callee = account.calls[handle], account.orphans.contains(handle) else { continue }
                add("the call of handle \(handle) waits for \(callee), of which it knows that it is gone", in: context)
            }
            if let wait = account.parked, let call = wait.call, account.calls[call] == nil {
                add("a function waits for \"\(wait.what)\", which has ended", in: context)
            }
        }
    }

    /// Compares what `context` really holds with what it told. The world must be at rest.
    public mutating func audit(_ holdings: Node.Holdings, of context: ContextID) {
        let account = accounts[context] ?? Account()
        let told = account.openHandles.sorted()
        if holdings.handles != told {
            let more = holdings.handles.filter { !account.openHandles.contains($0) }
            let fewer = told.filter { !holdings.handles.contains($0) }
            add("handles are open that it never told of: \(more), or told of and not open: \(fewer)", in: context)
        }
        if holdings.timers != account.armedTimers.count {
            add("\(holdings.timers) deadlines are set, and it told of \(account.armedTimers.count)", in: context)
        }
        for entry in holdings.egress where account.addressed[entry.link]?.contains(entry.subject) != true {
            add("the egress set of link \(entry.link) still has \(entry.subject)", in: context)
        }
        for caller in holdings.chainCallers where account.lost.contains(caller) {
            add("a failed chain of \(caller), which is gone, is still there", in: context)
        }
        for subject in holdings.routes where account.lost.contains(subject) {
            add("the route to \(subject), which is gone, is still there", in: context)
        }
    }

    /// Takes what a world found when it should have had nothing any more.
    public mutating func audit(_ remains: [Remains]) {
        for one in remains {
            findings.add(
                "a \(one.kind.rawValue) is left: \(one.what)", in: one.context, last?.index ?? 0,
                last?.event.at ?? .start)
        }
    }

    public mutating func finish() -> [Violation] {
        rested()
        return findings.take()
    }

    // MARK: Parts

    private struct Wait: Sendable {
        var what: String
        /// The call that it waits for, when it waits for one.
        var call: Handle?
    }

    /// What one context told that it holds.
    private struct Account: Sendable {
        var openHandles: Set<Handle> = []
        var armedTimers: Set<Handle> = []
        var calls: [Handle: ContextID] = [:]
        var latestCall: Handle?
        var parked: Wait?
        /// By link: whom the neighbour addressed through here.
        var addressed: [ContextID: Set<ContextID>] = [:]
        var lost: Set<ContextID> = []
        /// The calls that waited for one of those when it was lost. A later call is answered by whoever refuses it.
        var orphans: Set<Handle> = []

        mutating func lost(_ subject: ContextID) {
            lost.insert(subject)
            for handle in calls.keys.sorted() where calls[handle] == subject { orphans.insert(handle) }
        }
    }

    private var kinship = Kinship()
    private var accounts: [ContextID: Account] = [:]
    private var last: TraceRecord?
    private var findings = Findings(.nothingLeftBehind)

    private mutating func callEnded(_ record: TraceRecord) {
        let handle = record.event.handle
        accounts[record.context]?.calls[handle] = nil
        accounts[record.context]?.orphans.remove(handle)
        if accounts[record.context]?.openHandles.contains(handle) == true {
            findings.add("the call of handle \(handle) has ended, and the handle is still open", by: record)
        }
        if accounts[record.context]?.armedTimers.contains(handle) == true {
            findings.add("the call of handle \(handle) has ended, and its deadline is still set", by: record)
        }
    }

    private mutating func contextEnded(_ record: TraceRecord) {
        guard let account = accounts.removeValue(forKey: record.context) else { return }
        for handle in account.openHandles.sorted() { findings.add("it ended with handle \(handle) open", by: record) }
        for handle in account.armedTimers.sorted() {
            findings.add("it ended with the deadline of handle \(handle) set", by: record)
        }
        if let wait = account.parked { findings.add("it ended with a function that waits: \(wait.what)", by: record) }
    }

    private mutating func add(_ what: String, in context: ContextID) {
        findings.add(what, in: context, last?.index ?? 0, last?.event.at ?? .start)
    }
}

/// Something that outlived its owner, found by the world that it is in.
public struct Remains: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// User code that still runs or waits.
        case task
        /// An open file descriptor.
        case descriptor
        case process
    }

    public var kind: Kind
    /// Whose it was; the root's where nobody knows.
    public var context: ContextID
    public var what: String

    public init(_ kind: Kind, of context: ContextID = .master, _ what: String) {
        self.kind = kind
        self.context = context
        self.what = what
    }
}
