/// Calls that others make here.
extension Node {
    /// CALL_FUNCTION. Whatever is wrong with it is answered: a caller never waits for a call that cannot run.
    mutating func called(_ header: FrameHeader, _ payload: Span<UInt8>) {
        let request: CallPayload
        do throws(CallPayload.Malformed) {
            request = try CallPayload(header, payload)
        } catch {
            return answerAtOnce(header, "mitoscope.StreamError: \(error.why)")
        }
        if let connect = request.connectRequest {
            guard routes.hasParentAuthority(header.authority) else { return bounce(header, .refusedByPolicy) }
            return self.connect(for: header.source, replyTo: header.replyTo, connect)
        }
        guard ending == .no else {
            if has(.ignoresCallsAtEnd) { return }
            return bounce(header, .brokerExited)
        }
        guard dispatcher.waitingBytes <= configuration.queueBytesMax else { return bounce(header, .queueFull) }
        let invocation = Invocation(
            id: dispatcher.makeID(), function: request.name.text, arguments: request.arguments,
            keywords: request.keywords, source: header.source, authority: header.authority,
            deadline: request.extras.timeout.map { journal.now + $0 })
        // A chain is forgotten in its turn: the calls before still get its failure, those behind are run.
        let forgets = request.forgottenChain
        journal.note(.invocationQueued) {
            $0.source = header.source
            $0.replyTo = header.replyTo
            $0.text = invocation.function
        }
        dispatcher.enqueue(
            .init(
                invocation: invocation, chain: request.chain, forgets: forgets, replyTo: header.replyTo,
                bytes: payload.count))
        runNext()
    }

    /// Starts the next function, if none is running. Calls of a failed chain end without running, each because of the
    /// one before it.
    private mutating func runNext() {
        while let job = dispatcher.start() {
            journal.note(.invocationStarted) {
                $0.source = job.invocation.source
                $0.replyTo = job.replyTo
                $0.text = job.invocation.function
            }
            if let chain = job.forgets {
                dispatcher.forget(chain)
                _ = dispatcher.end(job.invocation.id)
                noteEnded(job, .none)
                reply(to: job.invocation.source, job.replyTo, .none)
                continue
            }
            guard let failure = dispatcher.failure(of: job.chain) else { return order(.run(job.invocation)) }
            _ = dispatcher.end(job.invocation.id)
            conclude(job, failure: failure)
        }
    }

    /// A function ended: its caller hears, and the next one runs.
    mutating func answer(_ id: InvocationID, _ result: Result<Value, FunctionError>) {
        guard let job = dispatcher.end(id) else { return }
        switch result {
        case .success(let value):
            noteEnded(job, .none)
            if !has(.forgetsReply) { reply(to: job.invocation.source, job.replyTo, value) }
        case .failure(let error):
            if let chain = job.chain {
                dispatcher.remember(error.callErrorText, of: chain, by: job.invocation.source)
            }
            conclude(job, failure: error.callErrorText)
        }
        if !has(.startsNoNext) { runNext() }
    }

    private mutating func conclude(_ job: Dispatcher.Job, failure: String) {
        noteEnded(job, .callError)
        if job.replyTo == .none, job.chain == nil { report(level: 40, "No-reply function call failed: \(failure)") }
        reply(to: job.invocation.source, job.replyTo, .callError(failure))
        dispatcher.forgetOrphan(job)
    }

    /// The end came first: whoever waits for this call is told.
    mutating func abandon(_ job: Dispatcher.Job) {
        let reason = DeadReason.brokerExited
        noteEnded(job, reason.code)
        guard job.replyTo != .none else { return }
        originate(.dead(reason.text, to: job.invocation.source, from: ownID, handle: job.replyTo))
    }

    /// What follows a call's end is due to it.
    private mutating func noteEnded(_ job: Dispatcher.Job, _ reason: Event.Reason) {
        journal.cause = journal.note(.invocationEnded) {
            $0.source = job.invocation.source
            $0.replyTo = job.replyTo
            $0.reason = reason
            $0.text = job.invocation.function
        }
    }

    /// The answer to what cannot be done at all: an error, cut to what every reader takes.
    mutating func answerAtOnce(_ header: FrameHeader, _ error: String) {
        let text = error.cut(to: FunctionError.callErrorScalarsMax)
        if header.replyTo == .none { return report(level: 40, "No-reply function call failed: \(text)") }
        reply(to: header.source, header.replyTo, .callError(text))
    }

    /// One pickled value to whoever waits at a handle; nothing when nobody does.
    mutating func reply(to context: ContextID, _ handle: Handle, _ value: Value) {
        guard handle != .none else { return }
        originate(Message(to: context, from: ownID, handle: handle, encoding: .pickle, payload: value.pickled()))
    }
}

extension FunctionError {
    /// The most that a reader of the original takes.
    static let callErrorScalarsMax = 9_999

    /// `type: message`, then the frames, as a CallError carries them.
    var callErrorText: String {
        let text = traceback.isEmpty ? "\(type): \(message)" : "\(type): \(message)\n\(traceback)"
        return text.cut(to: Self.callErrorScalarsMax)
    }
}

/// CALL_FUNCTION's six elements, checked.
struct CallPayload: Sendable {
    struct Malformed: Error { var why: String }

    var chain: String?
    var name: FunctionName
    var arguments: [Value]
    var keywords: [Value.Pair]
    var extras = CallExtras(timeout: nil)

    init(chain: String?, name: FunctionName, arguments: [Value], keywords: [Value.Pair]) {
        self.chain = chain
        self.name = name
        self.arguments = arguments
        self.keywords = keywords
    }

    init(_ header: FrameHeader, _ payload: Span<UInt8>) throws(Malformed) {
        guard header.encoding != .binary else { throw Malformed(why: "a call must be pickled") }
        if let plain = CallPayload(plain: payload) {
            self = plain
        } else {
            try self.init(payload)
        }
    }

    /// Any call, whoever wrote it.
    init(_ payload: Span<UInt8>) throws(Malformed) {
        var reader = PickleReader([UInt8](payload))
        let value: Value?
        do throws(PickleError) { value = try reader.next() } catch { throw Malformed(why: "\(error)") }
        guard case .tuple(let parts) = value, parts.count == 6 else {
            throw Malformed(why: "a call has six elements: chain, module, class, function, arguments, keywords")
        }
        guard let module = parts[1].string, let function = parts[3].string, case .tuple(let arguments) = parts[4] else {
            throw Malformed(why: "module and function of a call are text, its arguments a tuple")
        }
        switch parts[5] {
        case .keywords(let pairs), .dict(let pairs): keywords = pairs
        default: throw Malformed(why: "keyword arguments of a call are a dict")
        }
        chain = parts[0].string
        guard chain?.utf8.count ?? 0 <= Self.chainBytesMax else { throw Malformed(why: "a chain's id is too long") }
        name = FunctionName(module: module, type: parts[2].string, function: function)
        self.arguments = arguments
        if let behind = try? reader.next() { extras = CallExtras(behind) }
    }

    static let chainBytesMax = 1000

    /// The chain that `Dispatcher.forget_chain` resets.
    var forgottenChain: String? {
        name.function == "forget_chain" && name.type == "Dispatcher" ? arguments.first?.string : nil
    }

    /// The child that `_proxy_connect` asks for.
    var connectRequest: ConnectRequest? {
        guard name.module == "mitogen.parent", name.function == "_proxy_connect" else { return nil }
        func argument(_ key: String, _ place: Int) -> Value? {
            keywords.first { $0.key == .text(key) }?.value ?? (place < arguments.count ? arguments[place] : nil)
        }
        guard let method = argument("method_name", 1)?.string else { return nil }
        var request = ConnectRequest(method: method, name: argument("name", 0)?.string)
        switch argument("kwargs", 2) {
        case .keywords(let pairs), .dict(let pairs): request.options = pairs
        default: break
        }
        request.takeTiming()
        return request
    }
}

extension Value {
    /// The text of `.text`, or of bytes that a Python 2 peer meant as text.
    public var string: String? {
        switch self {
        case .text(let text): text.string
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// The value of a text key in a dict.
    public subscript(key name: String) -> Value? {
        switch self {
        case .dict(let pairs), .keywords(let pairs): pairs.first { $0.key.string == name }?.value
        default: nil
        }
    }
}
