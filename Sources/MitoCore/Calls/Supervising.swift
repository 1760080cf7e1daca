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

    /// Does what a command says, as if the program here had asked for it. A `recording` is only for who asks from afar.
    public mutating func obey(_ command: SupervisorCommand, at now: Instant) {
        journal.now = now
        journal.cause = 0
        carryOut(command)
    }

    /// A supervisor's command on our private handle: it starts something here and is answered at once, so that the
    /// story's own traffic stays as it is.
    mutating func commanded(_ header: FrameHeader, _ payload: Span<UInt8>) {
        guard case .tuple(let parts) = try? Value(pickled: payload), let command = SupervisorCommand(parts)
        else {
            return answerAtOnce(header, "mitoscope.StreamError: an unknown supervisor's command")
        }
        let answer = command == .recording ? flightRecording.value : .none
        reply(to: header.source, header.replyTo, answer)
        carryOut(command)
    }

    private mutating func carryOut(_ command: SupervisorCommand) {
        let now = journal.now
        switch command {
        case .call(let request):
            noteCommand { "call \(request.context) \(request.function)" }
            _ = startCall(request)
        case .stream(var request):
            var opening = HandleOpening()
            opening.endsWithSender = true
            opening.tag = request.tag
            guard let receiver = try? openReceiver(opening, at: now) else { return }
            noteCommand { "call \(request.context) \(request.function)" }
            request.arguments.append(.sender(ownID, receiver))
            _ = startCall(request)
        case .receive(let handle, let name):
            var opening = HandleOpening()
            opening.handle = handle
            opening.endsWithSender = true
            opening.tag = name
            do throws(HandleError) {
                _ = try openReceiver(opening, at: now)
            } catch {
                report(level: 40, "\(error)")
            }
        case .send(let message): send(message, at: now)
        case .cancel(let name): cancelCalls(named: name, at: now)
        case .detach: detach(at: now)
        case .log(let record): log(record, at: now)
        case .shutdown(let context): sendShutdown(to: context)
        case .shape(let lower, let order): shape(lower, order)
        case .recording: break
        }
    }

    /// What follows is due to the command, which is due to whoever gave it.
    private mutating func noteCommand(_ words: () -> String) {
        journal.cause = journal.note(.command, words: { $0.text = words() })
    }
}
