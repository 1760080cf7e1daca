/// What a supervisor may ask of a context, on `Handle.diagnostic` or, where it holds the node itself, with `obey`.
///
/// The pickled form is a tuple whose first element is the word.
/// ```swift
/// let command = SupervisorCommand.log(LogRecord(logger: "story", level: 20, message: "half done"))
/// node.obey(command, at: now)                                         // the context at hand
/// node.supervise(web, command, timeout: .seconds(5), at: now)         // one below
/// ```
public enum SupervisorCommand: Hashable, Sendable {
    case call(CallRequest)
    /// Open a receiver that ends with its sender, and call with that sender as the last argument.
    case stream(CallRequest)
    /// Open a receiver at a handle of one's choice; the name is for the trace.
    case receive(Handle, as: String)
    /// Send one message in one's own name.
    case send(Message)
    /// Give up the calls of this name.
    case cancel(String)
    /// Leave the parent.
    case detach
    case log(LogRecord)
    case shutdown(ContextID)
    /// Do something to the link above this context: what, is a driver's word.
    case shape(ContextID, Value)
    /// Answered with a `FlightRecording`'s value.
    case recording

    public init?(_ parts: [Value]) {
        var parts = Parts(parts)
        guard let word = parts.text(), let command = Self.read(word, from: &parts), parts.isEmpty else { return nil }
        self = command
    }

    private static func read(_ word: String, from parts: inout Parts) -> SupervisorCommand? {
        switch word {
        case "call": return CallRequest(&parts).map(SupervisorCommand.call)
        case "stream": return CallRequest(&parts).map(SupervisorCommand.stream)
        case "receive":
            guard let handle = parts.number(), let name = parts.text() else { return nil }
            return .receive(Handle(handle), as: name)
        case "send":
            guard let context = parts.number(), let handle = parts.number(), case .bytes(let payload)? = parts.next()
            else { return nil }
            return .send(Message(to: ContextID(context), handle: Handle(handle), encoding: .pickle, payload: payload))
        case "cancel": return parts.text().map(SupervisorCommand.cancel)
        case "detach": return .detach
        case "log":
            guard let logger = parts.text(), let level = parts.number(), let text = parts.text() else { return nil }
            return .log(LogRecord(logger: logger, level: Int(level), message: text))
        case "shutdown": return parts.number().map { .shutdown(ContextID($0)) }
        case "shape":
            guard let context = parts.number(), let order = parts.next() else { return nil }
            return .shape(ContextID(context), order)
        case "recording": return .recording
        default: return nil
        }
    }

    /// The command as it travels.
    public var value: Value {
        switch self {
        case .call(let request): .tuple(["call"] + request.parts)
        case .stream(let request): .tuple(["stream"] + request.parts)
        case .receive(let handle, let name): .tuple(["receive", .int(Int64(handle.rawValue)), .text(Text(name))])
        case .send(let message):
            .tuple([
                "send", .int(Int64(message.destination.rawValue)), .int(Int64(message.handle.rawValue)),
                .bytes(message.payload),
            ])
        case .cancel(let name): .tuple(["cancel", .text(Text(name))])
        case .detach: .tuple(["detach"])
        case .log(let record):
            .tuple([
                "log", .text(Text(record.logger)), .int(Int64(record.level)), .text(Text(record.message)),
            ])
        case .shutdown(let context): .tuple(["shutdown", .int(Int64(context.rawValue))])
        case .shape(let context, let order): .tuple(["shape", .int(Int64(context.rawValue)), order])
        case .recording: .tuple(["recording"])
        }
    }
}

extension CallRequest {
    /// The elements of a `call` command.
    fileprivate var parts: [Value] {
        [
            .int(Int64(context.rawValue)), .text(Text(function)), .list(arguments), .dict(keywords),
            chain.map { .text(Text($0)) } ?? .none, timeout.map { .int($0.nanoseconds) } ?? .none, .bool(isNoReply),
            .text(Text(tag)),
        ]
    }

    fileprivate init?(_ parts: inout SupervisorCommand.Parts) {
        guard let context = parts.number(), let function = parts.text(), case .list(let arguments)? = parts.next(),
            case .dict(let keywords)? = parts.next(), let chain = parts.next(), let timeout = parts.next(),
            let isNoReply = parts.next(), let tag = parts.text()
        else { return nil }
        self.init(function, on: ContextID(context), arguments)
        self.keywords = keywords
        self.chain = chain.string
        if case .int(let nanoseconds) = timeout { self.timeout = .nanoseconds(nanoseconds) }
        self.isNoReply = isNoReply == true
        self.tag = tag
    }
}

extension SupervisorCommand {
    /// What of a command has not been read yet.
    fileprivate struct Parts {
        private var rest: ArraySlice<Value>

        init(_ parts: [Value]) { rest = parts[...] }

        var isEmpty: Bool { rest.isEmpty }
        mutating func next() -> Value? { rest.popFirst() }
        mutating func text() -> String? { next()?.string }

        mutating func number() -> UInt32? {
            guard case .int(let number) = next() else { return nil }
            return UInt32(exactly: number)
        }
    }
}
