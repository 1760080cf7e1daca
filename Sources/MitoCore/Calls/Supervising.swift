/// What a supervisor asks of other contexts, on the private handle that only ours have.
extension Node {
    /// Gives a command to a context below here and waits for its answer; `.completed` follows exactly once.
    ///
    /// It is no call of the program's: nothing runs over there, and the trace shows no call. A Python context answers
    /// `invalid handle`.
    public mutating func supervise(
        _ context: ContextID, _ command: SupervisorCommand, timeout: Duration, at now: Instant
    ) -> CallID {
        journal.now = now
        journal.begin(.command) { $0.text = "supervise" }
        let pending = PendingCall(
            context: context, function: "", tag: "", hasDeadline: true, isSupervision: true)
        let handle = handles.open(.call(pending), respondent: context)
        noteOpened(handle, respondent: context)
        timers.arm(.call(handle), at: now + timeout)
        journal.note(.timerArmed) { $0.handle = handle }
        originate(
            Message(
                to: context, from: ownID, handle: .diagnostic, replyTo: handle, encoding: .pickle,
                payload: command.value.pickled()))
        return CallID(handle)
    }
}
