public import MitoCore
public import MitoSimulator

/// What a world can be made to do by a story. What is no call leaves a mark with its name in the trace.
public protocol Stage {
    /// The context of this name; nil while it has not come up.
    func id(of context: String) -> ContextID?
    /// Gives a context a command, as its own program would; false when it is known to have ended, or frozen.
    func command(_ command: SupervisorCommand, in context: ContextID) -> Bool
    /// Leaves a mark with this name: `word` says what is done to `subject`.
    func mark(_ word: String, on subject: ContextID, as name: String)
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
    /// Gives a context a command, or says `why` it cannot be given.
    func command(
        _ command: SupervisorCommand, in context: ContextID, or why: @autoclosure () -> String
    ) throws(CannotPerform) {
        guard self.command(command, in: context) else { throw CannotPerform(why()) }
    }

    /// The context of this name, which must be up, or else `consequence`.
    func id(of context: String, or consequence: String) throws(CannotPerform) -> ContextID {
        guard let id = id(of: context) else { throw CannotPerform("\(context) is not up, so \(consequence)") }
        return id
    }
}
