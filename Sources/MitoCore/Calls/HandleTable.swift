/// The handles that this context has given out itself, from 1000 up. A number is used once.
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
        /// A receiver of the program; stays until closed.
        case receiver
    }

    struct Entry: Hashable, Sendable {
        var owner: Owner
        /// The context that must answer, and whose loss ends the wait.
        var respondent: ContextID?
    }

    private var entries = OrderedTable<Handle, Entry>()
    private var next = Handle.firstDynamic.rawValue

    var count: Int { entries.count }
    /// All open handles, least first.
    var handles: [Handle] { entries.keys }

    subscript(handle: Handle) -> Entry? { entries[handle] }

    mutating func open(_ owner: Owner, respondent: ContextID? = nil) -> Handle {
        precondition(next < UInt32.max, "four billion handles were given out by one context")
        let handle = Handle(next)
        next += 1
        entries[handle] = Entry(owner: owner, respondent: respondent)
        return handle
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
}
