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
            $0.text = "\(request.method) \(request.name ?? "")"
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
        let options = [
            Value.Pair("debug", .bool(false)), Value.Pair("profiling", .bool(false)),
            Value.Pair("unidirectional", .bool(configuration.isUnidirectional)),
        ]
        let payload = Value.tuple([
            .none, "mitogen.parent", .none, "_proxy_connect", .tuple([]),
            .keywords([
                Value.Pair("name", request.name.map { .text($0) } ?? .none),
                Value.Pair("method_name", .text(request.method)),
                Value.Pair("kwargs", .keywords(options + request.options)),
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
            let why = value[key: "msg"]?.string ?? "\(via) gave no id for the new context"
            return endConnect(id, .failure(StreamError(why)))
        }
        let context = ContextID(raw)
        if names[context] == nil, let name = value[key: "name"]?.string { names[context] = name }
        endConnect(id, .success(context))
    }

    // MARK: We start it

    private mutating func startWhenNumbered(_ id: ConnectID) {
        if ending != .no { return endConnect(id, .failure(StreamError(Self.cancelledByShutdown))) }
        if connecting.ids.isEmpty, isMaster {
            return endConnect(id, .failure(StreamError("all context ids are used up")))
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

    /// Hands out `count` ids to a context that asked the root.
    mutating func allocateBlock() -> Range<UInt32> {
        let start = connecting.ids.lowerBound
        let end = start + min(Connecting.idsPerBlock, UInt32.max - start)
        connecting.ids = end..<connecting.ids.upperBound
        return start..<end
    }

    private mutating func start(_ id: ConnectID, as context: ContextID) {
        guard let pending = connecting.pending[id] else { return }
        let request = pending.request
        var preamble = Preamble(
            contextID: context, parentIDs: [ownID] + (identity?.ancestors ?? []), name: request.name ?? "")
        preamble.maxMessageSize = configuration.messageBytesMax
        preamble.isUnidirectional = request.flag("unidirectional") ?? configuration.isUnidirectional
        preamble.logLevels = [configuration.logLevel, configuration.logLevel, configuration.logLevel]
        preamble.callers = configuration.callers
        preamble.extras = request.extras
        let text = preamble.text()
        let link = links.nextID
        links.insert(Link(link, state: .booting, remote: context, name: context, isUp: false))
        connecting.boots[link] = ParentBoot(preamble: text, connect: id)
        connecting.children[link] = context
        if let name = request.name { names[context] = name }
        timers.arm(.boot(link), at: journal.now + configuration.connectTimeout)
        journal.note(.launchStarted) {
            $0.link = context
            $0.subject = context
            $0.text = "\(request.method) \(request.name ?? "")"
        }
        order(
            .launch(
                LaunchPlan(
                    link: link, context: context, method: request.method, options: request.options,
                    remoteName: request.name ?? "", preambleLength: text.count)))
    }

    /// A child whose caller gave no name is called after its method and process.
    mutating func named(_ link: LinkID, process: Int32?) {
        guard let boot = connecting.boots[link], let request = connecting.pending[boot.connect]?.request,
            request.name == nil
        else { return }
        let context = links[link].name
        names[context] = "\(request.method).\(process.map { "\($0)" } ?? "\(context)")"
    }

    /// Reads what a booting child prints.
    mutating func readBoot(_ bytes: Span<UInt8>, from offset: inout Int, on link: LinkID) {
        while let step = connecting.boots[link]?.read(bytes, from: &offset) {
            switch step {
            case .wantsPreamble:
                writeRaw(connecting.boots[link]?.preamble ?? [], to: link)
            case .up:
                return childIsUp(on: link)
            }
        }
    }

    /// The order of what follows is relied on by everybody above: ADD_ROUTE leaves before any frame of the child.
    private mutating func childIsUp(on link: LinkID) {
        guard let boot = connecting.boots.removeValue(forKey: link) else { return }
        timers.cancel(.boot(link))
        let context = links[link].name
        links[link].state = .open
        journal.begin(.linkUp) {
            $0.link = context
            $0.subject = context
        }
        addRoute(context, through: link)
        announce(context)
        if ending != .no { sendShutdown(to: link) }
        endConnect(boot.connect, .success(context))
    }

    /// A child did not come up.
    mutating func abandonBoot(of link: LinkID, because why: String) {
        guard let boot = connecting.boots.removeValue(forKey: link) else { return }
        timers.cancel(.boot(link))
        let context = links[link].name
        journal.note(.launchFailed) {
            $0.link = context
            $0.subject = context
            $0.text = why
        }
        close(link)
        endConnect(boot.connect, .failure(StreamError(why)))
        childLinkClosed()
    }

    private mutating func endConnect(_ id: ConnectID, _ result: Result<ContextID, StreamError>) {
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
        let answer: Value
        switch result {
        case .success(let context):
            let name = names[context].map { Value.text($0) } ?? .none
            answer = .dict([
                Value.Pair("id", .int(Int64(context.rawValue))), Value.Pair("name", name), Value.Pair("msg", .none),
            ])
        case .failure(let error):
            answer = .dict([
                Value.Pair("id", .none), Value.Pair("name", .none),
                Value.Pair(
                    "msg", .text("error occurred in context \(ownID) (\(identity?.name ?? "")): \(error.message)")),
            ])
        }
        reply(to: asker.context, asker.handle, answer)
    }

    /// Every connect command that is still open ends now.
    mutating func cancelConnects(because why: String) {
        for link in links.ids where links[link].state == .booting { abandonBoot(of: link, because: why) }
        for id in connecting.pending.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            endConnect(id, .failure(StreamError(why)))
        }
    }

    static let cancelledByShutdown =
        "Connection cancelled because the associated Broker began to shut down."
}

extension Node {
    // MARK: We are the child

    /// Reads the preamble; returns how many bytes belonged to it.
    mutating func readPreamble(_ bytes: Span<UInt8>) -> Int {
        guard var boot = childBoot, !boot.isComplete else { return bytes.count }
        childBoot = nil
        let consumed = boot.read(bytes)
        defer { childBoot = boot }
        if boot.isComplete {
            if boot.isCompressed {
                order(.inflate(.parent, boot.preamble))
            } else {
                let text = boot.preamble
                boot = ChildBoot(preambleLength: 0)
                comeUp(preamble: text)
            }
        }
        return consumed
    }

    /// The preamble says who we are; from here on frames flow.
    mutating func comeUp(preamble text: [UInt8]?) {
        let preamble: Preamble
        do throws(PreambleError) {
            guard let text else { return end(.corrupt("the preamble is no zlib stream")) }
            preamble = try Preamble(text)
        } catch {
            return end(.corrupt("\(error)"))
        }
        guard let parent = preamble.parentIDs.first else { return end(.corrupt("the preamble names no parent")) }
        let identity = Identity(id: preamble.contextID, ancestors: preamble.parentIDs, name: preamble.name)
        self.identity = identity
        configuration.messageBytesMax = preamble.maxMessageSize
        configuration.isUnidirectional = preamble.isUnidirectional
        configuration.logLevel = preamble.logLevels.first ?? configuration.logLevel
        configuration.callers = preamble.callers
        bootOptions = preamble.extras
        routes = RouteTable(
            own: identity.id, ancestors: identity.ancestors, isUnidirectional: configuration.isUnidirectional)
        routes.add(parent, through: .parent)
        names[identity.id] = identity.name
        links[.parent].remote = parent
        links[.parent].name = identity.id
        links[.parent].state = .open
        journal.begin(.contextUp) {
            $0.subject = identity.id
            $0.link = identity.id
            $0.text = identity.name
        }
        writeRaw(ChildBoot.unpacked, to: .parent)
        order(.up(identity))
        writeRaw(ChildBoot.ready, to: .parent)
    }

    /// This context cannot go on.
    private mutating func end(_ reason: ExitReason) {
        beginEnding(reason)
    }
}

extension ConnectRequest {
    /// The option `functions` travels to the child as text: a dict of scripts, pickled, in hexadecimal digits.
    fileprivate var extras: [Value.Pair] {
        options.filter { $0.key == "functions" }.map { option in
            Value.Pair("mitoscope_functions", .text(Text(utf8: option.value.pickled().hexadecimal)))
        }
    }

    /// An option that is true or false.
    fileprivate func flag(_ name: String) -> Bool? {
        for option in options where option.key == .text(name) {
            if case .bool(let flag) = option.value { return flag }
        }
        return nil
    }
}

extension [UInt8] {
    /// Two lower-case digits for each byte.
    fileprivate var hexadecimal: [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
