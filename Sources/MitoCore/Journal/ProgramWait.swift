/// What a program waits for, or has been shown, when its driver is asked: at a standstill, or for a flight recording.
///
/// A node's own events tell what it owed its program and when it was done with it; only the program's side knows
/// whether that ever arrived. A call that has ended and is still waited for was lost between the two.
/// ```swift
/// let event = ProgramWait.call(call, "echo", on: web).event
/// ```
public enum ProgramWait: Hashable, Sendable {
    /// The answer to a call.
    case call(CallID, String, on: ContextID)
    /// The end of a connect command.
    case connect(ConnectRequest)
    /// The end of a context that it asked to end, told to this handle.
    case farewell(of: ContextID, Handle)
    /// The answer to a supervisor's question.
    case answer(CallID, of: ContextID)
    case detachment
    /// The end of this context.
    case exit
    /// No command of its own: a stream, a continuation, a task. `code` is the program or function that has not ended.
    case ownBusiness(code: String)
    /// A receiver is open, and so many messages were shown to it: no wait by itself.
    case receiver(Handle, shown: UInt64)
    /// It wants to know who is lost, and was told of so many: no wait by itself.
    case losses(told: UInt64)
}

extension ProgramWait {
    /// As it stands in a trace: the first word of the text says what it is.
    public var event: Event {
        var event = Event(.programWaits)
        switch self {
        case .call(let call, let function, let context):
            (event.handle, event.destination) = (call.handle, context)
            event.text = "\(Word.call.rawValue) \(context) \(function)"
        case .connect(let request):
            (event.subject, event.tag) = (request.via ?? .master, request.tag)
            event.text = "\(Word.connect.rawValue) \(request.words)"
        case .farewell(let context, let handle):
            (event.handle, event.subject, event.text) = (handle, context, "\(Word.farewell.rawValue) \(context)")
        case .answer(let call, let context):
            (event.handle, event.subject, event.text) = (call.handle, context, "\(Word.answer.rawValue) \(context)")
        case .detachment: event.text = Word.detachment.rawValue
        case .exit: event.text = Word.exit.rawValue
        case .ownBusiness(let code): event.text = "\(Word.ownBusiness.rawValue) \(code)"
        case .receiver(let handle, let shown):
            (event.handle, event.ordinal, event.text) = (handle, shown, Word.receiver.rawValue)
        case .losses(let told): (event.ordinal, event.text) = (told, Word.losses.rawValue)
        }
        return event
    }

    /// What the first word of an event's text can be.
    public enum Word: String, Hashable, Sendable, CaseIterable {
        case call, connect, farewell, answer, detachment, exit
        case ownBusiness = "own"
        case receiver, losses

        /// The word of an event; nil where it is none of ours.
        public init?(of event: Event) {
            guard event.kind == .programWaits else { return nil }
            self.init(rawValue: String(event.text.prefix { $0 != " " }))
        }
    }
}

extension ConnectRequest {
    /// Method and name, as the trace has them.
    var words: String { "\(method) \(name ?? "")" }
}
