import MitoCore

/// Nodes wired back to back: no world, no time but what a test sets. A child comes up as everywhere, by `.launch` and
/// the handshake; bytes move when `settle` is called.
struct Family {
    /// One end of a wire.
    struct End: Hashable {
        var node: Int
        var link: LinkID
    }

    private(set) var nodes: [Node]
    private var wires: [End: End] = [:]
    private var planned: [Int: LaunchPlan] = [:]
    var now = Instant.start
    /// What a function gives; nil = it runs until the test answers.
    var run: (Invocation) -> Result<Value, FunctionError>? = { .success($0.arguments.first ?? .none) }
    /// Everything that was ordered and that is not the wiring's own business.
    private(set) var orders: [(node: Int, order: Order)] = []
    private(set) var events: [(node: Int, event: Event)] = []
    /// What children say that they are.
    var build: Build?
    /// Whether launches succeed.
    var launches = true

    init(_ configuration: Node.Configuration = .traced) {
        nodes = [Node(master: configuration)]
    }

    /// A family with one child, context 1.
    static func pair(_ configuration: Node.Configuration = .traced) -> Family {
        var family = Family(configuration)
        family.add("child")
        return family
    }

    /// Starts a context below `parent` and waits until it is up; returns its place among `nodes`.
    @discardableResult
    mutating func add(_ name: String, below parent: Int = 0) -> Int {
        _ = at(parent) { $0.connect(ConnectRequest(name: name), at: $1) }
        return nodes.count - 1
    }

    /// Runs a command on a node, then settles.
    @discardableResult
    mutating func at<R>(_ node: Int, _ command: (inout Node, Instant) -> R) -> R {
        let result = command(&nodes[node], now)
        settle()
        return result
    }

    /// Runs a command on a node; nothing moves before the next `settle`.
    mutating func ask(_ node: Int, _ command: (inout Node, Instant) -> Void) { command(&nodes[node], now) }

    /// Calls and gives the outcome, nil when there is none yet.
    mutating func call(_ function: String, from caller: Int = 0, to context: UInt32, _ arguments: Value...) -> Outcome?
    {
        let id = at(caller) { $0.call(CallRequest(function, on: ContextID(context), arguments), at: $1) }
        return outcome(of: id, at: caller)
    }

    func outcome(of id: CallID, at node: Int) -> Outcome? {
        for case (node, .completed(id, let outcome)) in orders { return outcome }
        return nil
    }

    /// Breaks the link of `child` to its parent: both ends see it, and the parent how its process ended.
    mutating func lose(_ child: Int, _ end: ChildEnd? = nil) {
        guard let other = wires.removeValue(forKey: End(node: child, link: .parent)) else { return }
        wires[other] = nil
        nodes[other.node].linkClosed(other.link, end, at: now)
        nodes[child].linkClosed(.parent, at: now)
        settle()
    }

    /// Hands bytes to the parent of `node` as if the node had written them.
    mutating func feedParent(of node: Int, _ bytes: [UInt8]) {
        guard let other = wires[End(node: node, link: .parent)] else { return }
        nodes[other.node].received(bytes.span, on: other.link, at: now)
        settle()
    }

    /// Moves bytes and carries out orders until nothing is left; a loop that never ends fails instead of hanging.
    mutating func settle() {
        for _ in 0..<10_000 {
            var moved = false
            for place in nodes.indices {
                while let output = nodes[place].poll() {
                    moved = true
                    perform(output.order, of: place)
                }
                for link in nodes[place].takeReady() {
                    moved = true
                    flush(End(node: place, link: link))
                }
                for event in nodes[place].takeEvents() { events.append((place, event)) }
            }
            if !moved { return }
        }
        preconditionFailure("the family never comes to rest")
    }

    private mutating func perform(_ order: Order, of place: Int) {
        switch order {
        case .close(let link):
            let end = End(node: place, link: link)
            flush(end)
            guard let other = wires.removeValue(forKey: end) else { return }
            wires[other] = nil
            nodes[other.node].linkClosed(other.link, at: now)
        case .launch(let plan):
            orders.append((place, order))
            guard launches else { return nodes[place].launchFailed(plan.link, StreamError("no such program"), at: now) }
            var configuration = nodes[0].configuration
            configuration.isUnidirectional = false
            nodes.append(Node(childAwaiting: plan.preambleLength, configuration: configuration))
            nodes[nodes.count - 1].build = build
            let child = End(node: nodes.count - 1, link: .parent)
            wires[child] = End(node: place, link: plan.link)
            wires[End(node: place, link: plan.link)] = child
            nodes[place].launched(plan.link, at: now)
        case .run(let invocation):
            orders.append((place, order))
            if let result = run(invocation) { nodes[place].finished(invocation.id, result, at: now) }
        default:
            orders.append((place, order))
        }
    }

    private mutating func flush(_ end: End) {
        let bytes = nodes[end.node].takeOutbound(end.link)
        guard let other = wires[end], !bytes.isEmpty else { return }
        nodes[other.node].received(bytes.span, on: other.link, at: now)
    }
}

extension Node.Configuration {
    static var traced: Node.Configuration {
        var configuration = Node.Configuration()
        configuration.isTraced = true
        return configuration
    }
}

extension Family {
    /// Puts a frame on the wire above `node` that the node itself would never write.
    mutating func inject(_ message: Message, from node: Int) {
        feedParent(of: node, message.frame)
    }
}

extension Message {
    /// As it travels.
    var frame: [UInt8] {
        var bytes: [UInt8] = []
        FrameHeader(self).write(to: &bytes)
        return bytes + payload
    }
}
