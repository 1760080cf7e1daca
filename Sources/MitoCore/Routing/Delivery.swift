/// What reaches a handle of this context.
extension Node {
    /// Delivers a message that is addressed to us. `arrival` is nil for our own.
    mutating func deliver(_ header: FrameHeader, _ payload: Span<UInt8>, from arrival: LinkID?) {
        if header.handle < .firstDynamic, let policy = policy(of: header.handle) {
            deliverWellKnown(header, payload, from: arrival, policy)
        } else {
            deliverOpened(header, payload, from: arrival)
        }
    }

    // MARK: Handles that this context gave out

    private mutating func deliverOpened(_ header: FrameHeader, _ payload: Span<UInt8>, from arrival: LinkID?) {
        guard let entry = handles[header.handle] else { return bounce(header, .invalidHandle) }
        if let respondent = entry.respondent, !header.isDead, header.source != respondent {
            return bounce(header, .unexpectedContext)
        }
        guard allows(entry.policy, header, from: arrival) else { return bounce(header, .refusedByPolicy) }
        noteDelivered(header)
        switch entry.owner {
        case .receiver:
            if !entry.isPersistent || header.isDead && entry.endsWithSender { closeHandle(header.handle) }
            order(.deliver(header.handle, Message(header, payload)))
        case .call, .connect, .allocation, .detachment:
            conclude(header.handle, entry, Outcome(reading: header, payload, own: ownID))
        }
    }

    /// Ends a wait from inside: no message travels, and the handle closes.
    mutating func deliverDead(_ reason: DeadReason, to handle: Handle) {
        guard let entry = handles[handle] else { return }
        if entry.owner == .receiver {
            closeHandle(handle)
            return order(.deliver(handle, .dead(reason.text, to: ownID, from: ownID, handle: handle)))
        }
        conclude(handle, entry, .failed(Failure(.channel, reason.text, reason: reason.code)))
    }

    /// A one-shot handle has its answer: it closes, and whoever opened it gets the outcome.
    mutating func conclude(_ handle: Handle, _ entry: HandleTable.Entry, _ outcome: Outcome) {
        closeHandle(handle)
        switch entry.owner {
        case .call(let call): endCall(CallID(handle), call, outcome)
        case .connect(let id, let via): proxyConnected(id, via: via, outcome)
        case .allocation: allocated(outcome)
        case .detachment: detachmentAnswered(outcome)
        case .receiver: break
        }
    }

    // MARK: Handles with a fixed meaning

    private mutating func deliverWellKnown(
        _ header: FrameHeader, _ payload: Span<UInt8>, from arrival: LinkID?, _ policy: Policy
    ) {
        guard allows(policy, header, from: arrival) else { return bounce(header, .refusedByPolicy) }
        noteDelivered(header)
        if header.isDead { return }
        switch header.handle {
        case .callFunction: called(header, payload)
        case .forwardLog: heardLog(payload, from: header.source)
        case .addRoute: if let arrival { heardOfRoute(payload, header, from: arrival) }
        case .delRoute: if let arrival { heardOfLoss(payload, header, from: arrival) }
        case .lossReason: if let arrival { heardLossReason(payload, from: arrival) }
        case .allocateID: reply(to: header.source, header.replyTo, allocateBlock())
        case .shutdown: beginEnding(.shutdown)
        case .detaching: if let arrival { heardOfDetaching(header, from: arrival) }
        case .callService: refuseService(header, payload)
        case .getModule: if let arrival { refuseModule(payload, from: arrival) }
        case .getResource: if let arrival { refuseResource(payload, from: arrival) }
        case .diagnostic: commanded(header, payload)
        default: break
        }
    }

    /// Who may use a handle that this context serves itself; nil when it does not.
    func policy(of handle: Handle) -> Policy? {
        switch handle {
        case .forwardLog, .allocateID: isMaster ? .anyone : nil
        case .callFunction: isMaster ? nil : configuration.callers == .anyone ? .anyone : .parentAuthority
        case .shutdown, .loadModule, .forwardModule, .loadResource, .callService:
            isMaster ? nil : .parentAuthority
        case .diagnostic: isMaster ? nil : .parentAuthority
        case .getModule, .getResource: isMaster ? .anyone : .immediateChild
        case .addRoute, .delRoute, .lossReason, .detaching: .immediateChild
        default: nil
        }
    }

    /// No modules are served yet: an import in a Python child ends with an error instead of waiting for ever.
    private mutating func refuseModule(_ name: Span<UInt8>, from link: LinkID) {
        let answer = Value.tuple([.text(Text(utf8: [UInt8](name))), .none, .none, .none, .tuple([])])
        tell(link, .loadModule, answer.pickled(), encoding: .pickle)
    }

    private mutating func refuseResource(_ payload: Span<UInt8>, from link: LinkID) {
        guard let asked = try? Value(pickled: payload) else { return }
        tell(link, .loadResource, asked.pickled() + Value.none.pickled(), encoding: .pickle)
    }

    private mutating func refuseService(_ header: FrameHeader, _ payload: Span<UInt8>) {
        var name = "?"
        if case .tuple(let parts) = try? Value(pickled: payload), let text = parts.first?.string {
            name = text
        }
        answerAtOnce(header, "mitoscope.NoSuchService: there is no service '\(name)' in context \(ownID)")
    }

    // MARK: Logs

    /// Sends a record to the root's log, or hands it out as `.log` in the root; one below the configuration's level
    /// goes nowhere.
    public mutating func log(_ record: LogRecord, at now: Instant) {
        journal.now = now
        journal.begin(.log, words: { $0.text = "\(record.logger): \(record.message)" })
        emit(record)
    }

    /// The node's own word to whoever reads the log.
    mutating func report(level: Int, _ text: String) {
        journal.note(.log, words: { $0.text = "mitoscope: \(text)" })
        emit(LogRecord(logger: "mitoscope", level: level, message: text))
    }

    /// The node's word about a neighbour that breaks the rules. One that never stops is not repeated for ever.
    mutating func complain(about link: LinkID, _ text: String) {
        guard links[link].offences < Self.complaintsMax else { return }
        links[link].offences += 1
        let isLast = links[link].offences == Self.complaintsMax
        report(level: 40, isLast ? "\(text); more of this neighbour is not logged" : text)
    }

    private mutating func emit(_ record: LogRecord) {
        guard record.level >= configuration.logLevel, identity != nil else { return }
        if isMaster { return order(.log(record, from: ownID)) }
        let payload = Array("\(record.logger)\0\(record.level)\0\(record.message)".utf8)
        originate(Message(to: .master, from: ownID, handle: .forwardLog, payload: payload))
    }

    /// FORWARD_LOG: name, level and text, split at the first two NULs only.
    private mutating func heardLog(_ payload: Span<UInt8>, from source: ContextID) {
        let parts = [UInt8](payload).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let level = Int(String(decoding: parts[1], as: UTF8.self)) else {
            return report(level: 40, "a log record from \(source) without logger, level and text")
        }
        let record = LogRecord(
            logger: String(decoding: parts[0], as: UTF8.self), level: level,
            message: String(decoding: parts[2], as: UTF8.self))
        order(.log(record, from: source))
    }

    private static let complaintsMax: UInt32 = 100

    private mutating func noteDelivered(_ header: FrameHeader) {
        if journal.isKept {
            journal.note(.delivered) { $0.describe(header, digest: 0) }
        } else {
            journal.noteUnseen(.delivered, header)
        }
    }
}

extension Message {
    init(_ header: FrameHeader, _ payload: Span<UInt8>) {
        self.init(
            to: header.destination, from: header.source, authority: header.authority, handle: header.handle,
            replyTo: header.replyTo, encoding: header.encoding, payload: [UInt8](payload))
    }
}

extension Outcome {
    /// What a reply says to the caller.
    init(reading header: FrameHeader, _ payload: Span<UInt8>, own: ContextID) {
        if header.isDead {
            let text = String(decoding: [UInt8](payload), as: UTF8.self)
            let fallback = header.source == own ? "Channel closed by local end." : "Channel closed by remote end."
            self = .failed(Failure(.channel, text.isEmpty ? fallback : text, reason: .remoteDead))
            return
        }
        do throws(PickleError) {
            switch try Value(pickled: payload) {
            case .callError(let text): self = .failed(Failure(.call, text, reason: .callError))
            case let value: self = .value(value)
            }
        } catch {
            self = .failed(Failure(.stream, "\(error)", reason: .undecodable))
        }
    }
}
