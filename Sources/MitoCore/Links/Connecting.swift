/// What a node remembers while contexts are being started.
struct Connecting: Sendable {
    /// A connect command that has not ended, ours or asked for by another context.
    struct Pending: Sendable {
        var request: ConnectRequest
        /// Where the answer goes when another context asked.
        var asker: (context: ContextID, handle: Handle)?
    }

    var pending: [ConnectID: Pending] = [:]
    var boots: [LinkID: ParentBoot] = [:]
    /// Which context each child process was started as, until it is known to have ended.
    var children: [LinkID: ContextID] = [:]
    /// Commands that wait for the root to hand out ids, first come first served.
    var awaitingIDs: [ConnectID] = []
    /// The ids that this context may give out: in the root all, in a child a block of the root's.
    var ids: Range<UInt32> = 0..<0
    private var nextID: UInt32 = 1

    mutating func begin(_ pending: Pending) -> ConnectID {
        defer { nextID += 1 }
        let id = ConnectID(nextID)
        self.pending[id] = pending
        return id
    }

    static let idsPerBlock: UInt32 = 1000
}

extension Node {
    /// Starts a context below `request.via`; `.connected` follows exactly once.
    public mutating func connect(_ request: ConnectRequest, at now: Instant) -> ConnectID {
        journal.now = now
        let id = beginConnect(Connecting.Pending(request: request))
        if let via = request.via, via != ownID {
            askToConnect(id, request, via: via)
        } else {
            startWhenNumbered(id)
        }
        return id
    }

    /// Starts a context here because `asker` called `_proxy_connect`.
    mutating func connect(for asker: ContextID, replyTo: Handle, _ request: ConnectRequest) {
        startWhenNumbered(beginConnect(.init(request: request, asker: (asker, replyTo))))
    }

    private mutating func beginConnect(_ pending: Connecting.Pending) -> ConnectID {
        let request = pending.request
        let note: (inout Event) -> Void = {
            $0.text = request.words
            $0.subject = request.via ?? .master
            $0.tag = request.tag
        }
        if pending.asker == nil { journal.begin(.connectStarted, note) } else { journal.note(.connectStarted, note) }
        return connecting.begin(pending)
    }

    // MARK: Somebody else starts it

    private mutating func askToConnect(_ id: ConnectID, _ request: ConnectRequest, via: ContextID) {
        let handle = handles.open(.connect(id, via: via), respondent: via)
        noteOpened(handle, respondent: via)
        let flags = [
            (name: "debug", usual: configuration.isDebugging), (name: "profiling", usual: configuration.isProfiling),
            (name: "unidirectional", usual: configuration.isUnidirectional),
        ]
        let options = flags.map { Value.Pair(.text(Text($0.name)), .bool(request.flag($0.name) ?? $0.usual)) }
        let others = request.options.filter { option in !flags.contains { option.key == .text(Text($0.name)) } }
        let payload = Value.tuple([
            .none, "mitogen.parent", .none, "_proxy_connect", .tuple([]),
            .keywords([
                Value.Pair("name", request.name.map { .text($0) } ?? .none),
                Value.Pair("method_name", .text(request.method)),
                Value.Pair("kwargs", .keywords(options + request.timing + others)),
            ]),
        ])
        originate(
            Message(
                to: via, from: ownID, handle: .callFunction, replyTo: handle, encoding: .pickle,
                payload: payload.pickled()))
    }

    /// The reply to `_proxy_connect`: a dict of id, name and error text.
    mutating func proxyConnected(_ id: ConnectID, via: ContextID, _ outcome: Outcome) {
        guard case .value(let value) = outcome else {
            if case .failed(let failure) = outcome { endConnect(id, .failure(StreamError(failure.message))) }
            return
        }
        guard case .int(let number) = value[key: "id"], let raw = UInt32(exactly: number) else {
            let why = value[key: "msg"]?.string ?? "context \(via) gave no id for the new context"
            let kind = value[key: "kind"]?.string.flatMap(StreamError.Kind.init) ?? .stream
            return endConnect(id, .failure(StreamError(why, kind: kind)))
        }
        let context = ContextID(raw)
        // Below us, ADD_ROUTE came before this reply: whoever names a context that is elsewhere lies.
        if let way = routes.known(via), !links[way].isUp, routes.known(context) != way {
            return endConnect(id, .failure(StreamError("context \(context), which \(via) named, is not below it")))
        }
        if names[context] == nil, let name = value[key: "name"]?.string { names[context] = name }
        endConnect(id, .success(context))
    }

    // MARK: An id for it

    private mutating func startWhenNumbered(_ id: ConnectID) {
        if ending != .no { return endConnect(id, .failure(StreamError(Self.cancelledByShutdown))) }
        if connecting.ids.isEmpty, isMaster {
            return endConnect(id, .failure(StreamError(Self.idsUsedUp)))
        }
        if connecting.ids.isEmpty {
            connecting.awaitingIDs.append(id)
            if connecting.awaitingIDs.count == 1 { requestIDs() }
            return
        }
        start(id, as: ContextID(connecting.ids.removeFirst()))
    }

    private mutating func requestIDs() {
        let handle = handles.open(.allocation, respondent: .master)
        noteOpened(handle, respondent: .master)
        originate(Message(to: .master, from: ownID, handle: .allocateID, replyTo: handle))
    }

    /// The reply to ALLOCATE_ID: a half-open range.
    mutating func allocated(_ outcome: Outcome) {
        if case .value(.tuple(let bounds)) = outcome, bounds.count == 2,
            case .int(let low) = bounds[0], case .int(let high) = bounds[1],
            let first = UInt32(exactly: low), let end = UInt32(exactly: high), first < end
        {
            connecting.ids = first..<end
        }
        let waiting = connecting.awaitingIDs
        connecting.awaitingIDs = []
        for (place, id) in waiting.enumerated() {
            guard !connecting.ids.isEmpty else {
                guard case .value = outcome, place > 0 else {
                    endConnect(id, .failure(StreamError("the root gave no context ids")))
                    continue
                }
                connecting.awaitingIDs = Array(waiting[place...])
                return requestIDs()
            }
            start(id, as: ContextID(connecting.ids.removeFirst()))
        }
    }

    /// The answer to ALLOCATE_ID: a block of ids for the context that asked the root, or an error when all are used up.
    mutating func allocateBlock() -> Value {
        let block = connecting.ids.prefix(Int(Connecting.idsPerBlock))
        guard !block.isEmpty else { return .callError("mitoscope.NoMoreIDs: \(Self.idsUsedUp)") }
        connecting.ids.removeFirst(block.count)
        return .tuple([.int(Int64(block.lowerBound)), .int(Int64(block.upperBound))])
    }

    // MARK: The end of it

    /// A connect command has ended: whoever gave it hears how.
    mutating func endConnect(_ id: ConnectID, _ result: Result<ContextID, StreamError>) {
        guard let pending = connecting.pending.removeValue(forKey: id) else { return }
        journal.note(.connectEnded) {
            $0.tag = pending.request.tag
            switch result {
            case .success(let context):
                $0.subject = context
                $0.text = pending.request.name ?? ""
            case .failure(let error):
                $0.reason = .connectionFailed
                $0.text = error.message
            }
        }
        guard let asker = pending.asker else { return order(.connected(id, result)) }
        if has(.forgetsAsker) { return }
        let answer: Value
        switch result {
        case .success(let context):
            let name = names[context].map { Value.text($0) } ?? .none
            answer = .dict([
                Value.Pair("id", .int(Int64(context.rawValue))), Value.Pair("name", name), Value.Pair("msg", .none),
            ])
        case .failure(let error):
            let why = "error occurred in context \(ownID) (\(identity?.name ?? "")): \(error.message)"
            // A key that the original does not know is one that it does not read.
            let kind = error.kind == .stream ? [] : [Value.Pair("kind", .text(Text(error.kind.rawValue)))]
            answer = .dict(
                [Value.Pair("id", .none), Value.Pair("name", .none), Value.Pair("msg", .text(Text(why)))] + kind)
        }
        reply(to: asker.context, asker.handle, answer)
    }

    /// Every connect command that is still open ends now, and with it every child that is not up.
    mutating func cancelConnects(because why: String) {
        for link in links.ids where links[link].state == .booting {
            abandonBoot(of: link, because: StreamError(why))
        }
        for id in connecting.pending.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            endConnect(id, .failure(StreamError(why)))
        }
    }

    private static let idsUsedUp = "all context ids are used up"
    static let cancelledByShutdown =
        "Connection cancelled because the associated Broker began to shut down."
}

extension ConnectRequest {
    /// The lengths of time, as they travel. The original knows the first one, in whole seconds.
    fileprivate var timing: [Value.Pair] {
        let second = Duration.seconds(1).nanoseconds
        let timeout = connectTimeout.map { timeout in
            let (seconds, rest) = timeout.nanoseconds.quotientAndRemainder(dividingBy: second)
            return Value.int(rest > 0 ? seconds + 1 : seconds)
        }
        return [("connect_timeout", timeout), ("grace_ns", grace.map { .int($0.nanoseconds) })].compactMap {
            key, value in
            value.map { Value.Pair(.text(Text(key)), $0) }
        }
    }

    /// Takes those out of the options that came in.
    mutating func takeTiming() {
        options.removeAll { option in
            guard case .int(let number) = option.value, number >= 0 else { return false }
            switch option.key.string {
            case "connect_timeout": connectTimeout = .seconds(min(number, Self.secondsMax))
            case "grace_ns": grace = .nanoseconds(number)
            default: return false
            }
            return true
        }
    }

    /// Thirty years: more than anybody waits, and less than overflows.
    private static let secondsMax: Int64 = 1_000_000_000
}
