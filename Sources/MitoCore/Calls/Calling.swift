/// Calls that this context makes.
extension Node {
    /// Calls `request.function` in `request.context`; `.completed` follows exactly once.
    public mutating func call(_ request: CallRequest, at now: Instant) -> CallID {
        journal.now = now
        journal.begin(.command, words: { $0.text = "call \(request.context) \(request.function)" })
        return startCall(request)
    }

    mutating func startCall(_ request: CallRequest) -> CallID {
        let pending = PendingCall(
            context: request.context, function: request.function, tag: request.tag,
            hasDeadline: request.timeout != nil)
        let handle = handles.open(.call(pending), respondent: request.context)
        noteOpened(handle, respondent: request.context)
        journal.note(.callStarted) {
            $0.destination = request.context
            $0.handle = handle
            $0.text = request.function
            $0.tag = request.tag
        }
        if let timeout = request.timeout {
            timers.arm(.call(handle), at: journal.now + timeout)
            journal.note(.timerArmed) {
                $0.handle = handle
            } words: {
                $0.text = "\(timeout)"
            }
        }
        originate(
            Message(
                to: request.context, from: ownID, handle: .callFunction,
                replyTo: request.isNoReply ? .none : handle, encoding: .pickle, payload: request.payload))
        if request.isNoReply, let entry = handles[handle] { conclude(handle, entry, .value(.none)) }
        return CallID(handle)
    }

    /// Gives a call up: it completes as cancelled, a late reply is dropped.
    public mutating func cancel(_ call: CallID, at now: Instant) {
        journal.now = now
        guard let entry = handles[call.handle], case .call = entry.owner else { return }
        journal.begin(.command, words: { $0.text = "cancel \(call.handle)" })
        conclude(call.handle, entry, .failed(Failure(.cancelled, "the call was cancelled", reason: .cancelled)))
    }

    /// Gives up every call that a story gave this name.
    mutating func cancelCalls(named name: String, at now: Instant) {
        for handle in handles.handles {
            guard case .call(let call) = handles[handle]?.owner, call.tag == name else { continue }
            cancel(CallID(handle), at: now)
        }
    }

    mutating func timeOut(_ handle: Handle) {
        journal.begin(.timerFired) { $0.handle = handle }
        guard let entry = handles[handle], case .call = entry.owner, !has(.ignoresTimeOut) else { return }
        conclude(handle, entry, .failed(Failure(.timeout, "the call got no answer in time", reason: .timedOut)))
    }

    mutating func endCall(_ id: CallID, _ call: PendingCall, _ outcome: Outcome) {
        if call.hasDeadline, !has(.keepsTimer), timers.cancel(.call(id.handle)) {
            journal.note(.timerCancelled) { $0.handle = id.handle }
        }
        if call.isSupervision { return order(.completed(id, outcome)) }
        journal.note(.callEnded) {
            $0.handle = id.handle
            $0.destination = call.context
            $0.tag = call.tag
            if case .failed(let failure) = outcome { $0.reason = failure.reason }
        } words: {
            switch outcome {
            case .value(let value): $0.text = value.description(limit: Event.textScalarsMax)
            case .failed(let failure):
                $0.text = "\(failure.kind.rawValue): \(failure.message.cut(to: Event.textScalarsMax))"
            }
        }
        order(.completed(id, outcome))
    }
}

extension CallRequest {
    /// The six elements of CALL_FUNCTION, and what we say behind them.
    var payload: [UInt8] {
        let name = FunctionName(function)
        var writer = PickleWriter()
        writer.begin()
        writer.open(.tuple, 6)
        writer.add(text: chain)
        writer.add(text: name.module)
        writer.add(text: name.type)
        writer.add(text: name.function)
        writer.add(tuple: arguments)
        writer.add(keywords: keywords)
        writer.close(.tuple, 6)
        writer.end()
        if let extras = CallExtras(timeout: timeout).value { writer.write(extras) }
        return writer.bytes
    }
}

/// A function's name as it travels: module, perhaps a type, and the function. A plain name lives in the module `mito`.
struct FunctionName: Hashable, Sendable {
    static let ownModule = "mito"

    var module: String
    var type: String?
    var function: String

    init(module: String, type: String?, function: String) {
        self.module = module
        self.type = type
        self.function = function
    }

    /// `function`, `module.function` or `module.Type.method`: a type is a last part but one that begins in upper case.
    init(_ text: String) {
        guard let (path, function) = Self.split(text[...]) else {
            self.init(module: Self.ownModule, type: nil, function: text)
            return
        }
        if let (module, type) = Self.split(path), let first = type.unicodeScalars.first, "A"..."Z" ~= first {
            self.init(module: String(module), type: String(type), function: String(function))
        } else {
            self.init(module: String(path), type: nil, function: String(function))
        }
    }

    /// What stands before and after the last dot.
    private static func split(_ text: Substring) -> (Substring, Substring)? {
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return (text[..<dot], text[text.utf8.index(after: dot)...])
    }

    /// As a program writes it.
    var text: String {
        let path = module == Self.ownModule ? type : type.map { "\(module).\($0)" } ?? module
        return path.map { "\($0).\(function)" } ?? function
    }
}
