import MitoCore
import Testing

struct ConnectTests {
    @Test func `a child comes up by handshake and knows who it is`() {
        var family = Family.pair()
        #expect(family.nodes[1].identity == Identity(id: ContextID(1), ancestors: [.master], name: "child"))
        family.add("grandchild", below: 1)
        #expect(family.nodes[2].identity?.ancestors == [ContextID(1), .master])
    }

    @Test func `a context is started from inside another with via`() {
        var family = Family.pair()
        _ = family.at(0) { $0.connect(ConnectRequest(name: "below", via: ContextID(1)), at: $1) }
        #expect(family.connected == [.success(ContextID(1)), .success(ContextID(2))])
        #expect(family.nodes[0].name(of: ContextID(2)) == "below")
        #expect(family.call("echo", to: 2, 5) == .value(5))
    }

    @Test func `ten contexts nested one in another work`() {
        var family = Family()
        for depth in 0..<10 { family.add("n\(depth)", below: depth) }
        #expect(family.call("echo", to: family.id(10).rawValue, "deep") == .value("deep"))
    }

    @Test func `a program that does not start fails the connection, also through via`() {
        var family = Family.pair()
        family.launches = false
        _ = family.at(0) { $0.connect(ConnectRequest(name: "x"), at: $1) }
        _ = family.at(0) { $0.connect(ConnectRequest(name: "y", via: ContextID(1)), at: $1) }
        #expect(family.connected.count == 3)
        #expect(family.connected[1] == .failure(StreamError("no such program")))
        #expect(
            family.connected[2]
                == .failure(
                    StreamError("error occurred in context 1 (child): no such program")))
    }

    @Test func `a child that prints banners before its markers comes up`() {
        var boot = HandBoot()
        boot.say("Welcome!\nLast login: now\nnoise MITO000 noise\n")
        #expect(!boot.sent.isEmpty)
        boot.say("MITO001\nMITO002\n")
        #expect(boot.connected == [.success(ContextID(1))])
    }

    @Test func `a child that dies while starting is explained by its last lines`() {
        var boot = HandBoot()
        boot.say("sh: no such thing\n")
        boot.hangUp()
        #expect(
            boot.connected == [
                .failure(StreamError("EOF on stream; last 100 lines received:\nsh: no such thing"))
            ])
    }

    @Test func `a child that never speaks times out and its process is given up`() {
        var boot = HandBoot()
        #expect(boot.node.deadline == Instant(nanoseconds: 30_000_000_000))
        boot.expire()
        #expect(boot.connected == [.failure(StreamError("Connection timed out."))])
        #expect(boot.closed)
    }

    @Test func `a failed launch is due to the deadline that ended it, and names nobody`() {
        var boot = HandBoot()
        boot.expire()
        let events = boot.node.takeEvents()
        let failed = events.first { $0.kind == .launchFailed }
        #expect(events.first { $0.step == failed?.cause }?.kind == .timerFired)
        #expect(events.first { $0.kind == .connectEnded }?.cause == failed?.step)
        #expect(boot.node.name(of: ContextID(1)) == nil)
    }

    @Test func `a relay that names a context elsewhere is not believed`() {
        var boot = HandBoot()
        boot.say("MITO000\nMITO002\n")
        _ = boot.node.connect(ConnectRequest(via: ContextID(1)), at: .start)
        let lie = Value.dict([.init("id", 0), .init("name", "root"), .init("msg", .none)])
        boot.say(
            Message(to: .master, from: ContextID(1), handle: .firstDynamic, encoding: .pickle, payload: lie.pickled())
                .frame)
        #expect(boot.connected.last == .failure(StreamError("context 0, which 1 named, is not below it")))
    }

    @Test func `a child that prints for ever costs no memory`() {
        var boot = HandBoot()
        for _ in 0..<2_000 { boot.say(String(repeating: "x", count: 10_000)) }
        for _ in 0..<2_000 { boot.say(String(repeating: "line", count: 10) + "\n") }
        boot.hangUp()
        guard case .failure(let error)? = boot.connected.first else { Issue.record("no failure"); return }
        #expect(error.message.utf8.count < 500_000)
    }

    @Test func `a frame right behind the last marker is not lost`() {
        var boot = HandBoot()
        let log = Message(
            to: .master, from: ContextID(1), handle: .forwardLog, payload: Array("demo\u{0}20\u{0}early".utf8))
        boot.say(Array("MITO000\nMITO002\n".utf8) + log.frame)
        #expect(boot.logs == ["early"])
    }

    @Test(arguments: ["", "nonsense\n", "ExternalContext({}).main()\n", "ExternalContext({'context_id': -1}).main()\n"])
    func `a preamble that is none ends the child`(text: String) {
        let bytes = Array(text.utf8)
        var node = Node(childAwaiting: bytes.count)
        node.received(bytes.span, on: .parent, at: .start)
        if bytes.isEmpty { node.linkClosed(.parent, at: .start) }
        #expect(node.hasEnded)
    }
}

/// A root whose only child is the test's own hand.
struct HandBoot {
    var node: Node
    private(set) var sent: [UInt8] = []
    private(set) var connected: [Result<ContextID, StreamError>] = []
    private(set) var logs: [String] = []
    private(set) var closed = false
    private var link = LinkID(0)

    init(
        _ configuration: Node.Configuration = .traced, _ request: ConnectRequest = ConnectRequest(name: "hand"),
        build: Build? = nil
    ) {
        node = Node(master: configuration)
        node.build = build
        _ = node.connect(request, at: .start)
        drain()
    }

    mutating func say(_ text: String) { say(Array(text.utf8)) }

    mutating func say(_ bytes: [UInt8]) {
        node.received(bytes.span, on: link, at: .start)
        drain()
    }

    mutating func hangUp(_ end: ChildEnd? = nil) {
        node.linkClosed(link, end, at: .start)
        drain()
    }

    mutating func expire() {
        node.expired(at: node.deadline ?? .start)
        drain()
    }

    private mutating func drain() {
        while let output = node.poll() {
            switch output.order {
            case .launch(let plan): link = plan.link
            case .connected(_, let result): connected.append(result)
            case .log(let record, _): logs.append(record.message)
            case .close: closed = true
            default: break
            }
        }
        for link in node.takeReady() { sent += node.takeOutbound(link) }
    }
}

extension Family {
    var connected: [Result<ContextID, StreamError>] {
        orders.compactMap { if case (0, .connected(_, let result)) = $0 { result } else { nil } }
    }
}
