/// The handles that this context has given out itself, from 1000 up, each number once; and those below that its
/// program asked for.
struct HandleTable: Sendable {
    /// What a message to the handle does.
    enum Owner: Hashable, Sendable {
        /// The reply to a call of the program.
        case call(PendingCall)
        /// The reply to `_proxy_connect`.
        case connect(ConnectID, via: ContextID)
        /// The reply to ALLOCATE_ID.
        case allocation
        /// The reply to DETACHING.
        case detachment
        /// A receiver of the program.
        case receiver
    }

    struct Entry: Sendable {
        var owner: Owner
        /// The context that must answer, and whose loss ends the wait.
        var respondent: ContextID?
        var policy = Policy.anyone
        /// Does it stay open after a message?
        var isPersistent = false
        /// Does a dead message close it?
        var endsWithSender = false
    }

    private var entries = NumberTable<Handle, Entry>()
    /// The number that is given out next.
    private(set) var next = Handle.firstDynamic

    var count: Int { entries.count }
    /// All open handles, least first.
    var handles: [Handle] { entries.keys }

    subscript(handle: Handle) -> Entry? { entries[handle] }

    /// Opens the next handle for one answer.
    mutating func open(_ owner: Owner, respondent: ContextID? = nil) -> Handle {
        let handle = next
        insert(handle, Entry(owner: owner, respondent: respondent))
        return handle
    }

    /// Opens a receiver; its handle must be free.
    mutating func open(_ handle: Handle, _ opening: HandleOpening) {
        insert(
            handle,
            Entry(
                owner: .receiver, respondent: opening.respondent, policy: opening.policy,
                isPersistent: opening.isPersistent, endsWithSender: opening.endsWithSender))
    }

    private mutating func insert(_ handle: Handle, _ entry: Entry) {
        if handle == next {
            precondition(next.rawValue < UInt32.max, "four billion handles were given out by one context")
            next.rawValue += 1
        }
        entries[handle] = entry
    }

    @discardableResult
    mutating func close(_ handle: Handle) -> Entry? { entries.remove(handle) }

    /// The contexts that somebody here waits for, least first.
    var respondents: [ContextID] {
        var respondents = SortedIDs()
        for handle in handles {
            if let respondent = entries[handle]?.respondent { respondents.insert(respondent) }
        }
        return respondents.ids
    }

    /// The handles that wait for `respondent`, least first.
    func waiting(for respondent: ContextID) -> [Handle] {
        entries.isEmpty ? [] : entries.keys.filter { entries[$0]?.respondent == respondent }
    }
}

/// A call that this context made and that has no answer yet.
struct PendingCall: Hashable, Sendable {
    var context: ContextID
    var function: String
    var tag: String
    var hasDeadline: Bool
    /// Is it a supervisor's question, which the trace does not tell as a call?
    var isSupervision = false
}
