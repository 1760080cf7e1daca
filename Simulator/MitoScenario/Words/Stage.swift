public import MitoCore
public import MitoSimulator

/// What a world can be made to do by a story. What is no call leaves a mark with its name in the trace.
public protocol Stage {
    /// The context of this name; nil while it has not come up.
    func id(of context: String) -> ContextID?
    /// Starts a call in context `caller`; false when that has ended.
    func call(_ request: CallRequest, from caller: ContextID) -> Bool
    /// Opens a receiver in master and starts a call with its sender as the last argument. The receiver is closed when
    /// the sender is.
    func stream(_ request: CallRequest)
    /// Ends a context without a word, as a crash does; false when it has ended.
    func kill(_ context: String, _ id: ContextID, as name: String) -> Bool
    /// Does something bad, or its end, to `context` or the link above it.
    func perform(_ fault: Fault, on context: String, as name: String) throws(CannotPerform)
    /// Kills a context, unless it has ended, and starts a fresh one at its place.
    func restart(_ context: String, _ id: ContextID, as name: String) throws(CannotPerform)
    /// Lets the seed choose faults.
    func unleash(_ chaos: Chaos, as name: String)
    /// Asks a context to end in order.
    func shutdown(_ context: ContextID, as name: String)
    /// Starts a context that is not there yet.
    func connect(_ plan: ContextPlan, as name: String)
}

/// A line of a story cannot be done, because of what became of the contexts that it names.
public struct CannotPerform: Error, Hashable, Sendable {
    /// For people: `db is not up, so it cannot be killed`.
    public var why: String

    init(_ why: String) { self.why = why }
}

extension Stage {
    /// The context of this name, which must be up, or else `consequence`.
    func id(of context: String, or consequence: String) throws(CannotPerform) -> ContextID {
        guard let id = id(of: context) else { throw CannotPerform("\(context) is not up, so \(consequence)") }
        return id
    }
}
