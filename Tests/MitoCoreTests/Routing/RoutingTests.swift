import MitoCore
import Testing

struct RoutingTests {
    /// master(0) – a(1) – b(1001 …): ids below the root come in blocks.
    private func chain(_ configuration: Node.Configuration = .traced) -> Family {
        var family = Family(configuration)
        family.add("a")
        family.add("b", below: 1)
        return family
    }

    @Test func `a grandchild is announced to the root before it speaks`() {
        let family = chain()
        #expect(family.nodes[0].route(to: family.id(2)) != nil)
        #expect(family.nodes[0].name(of: family.id(2)) == "b")
    }

    @Test func `a child numbers its children from a block of a thousand`() {
        var family = chain()
        #expect(family.id(2) == ContextID(2))
        family.add("c", below: 1)
        #expect(family.id(3) == ContextID(3))
        family.add("d")
        #expect(family.id(4) == ContextID(1002))
    }

    @Test func `a call travels down, up and sideways`() {
        var family = chain()
        family.add("c")
        let (b, c) = (family.id(2).rawValue, family.id(3).rawValue)
        #expect(family.call("echo", from: 0, to: b, 1) == .value(1))
        #expect(family.call("echo", from: 3, to: b, 2) != nil)
        #expect(family.call("echo", from: 2, to: c, 3) != nil)
    }

    @Test func `a cousin is not a parent and may not call functions`() {
        var family = chain()
        family.add("c")
        #expect(
            family.call("echo", from: 3, to: family.id(2).rawValue, 2)
                == .failed(
                    Failure(.channel, "refused by policy", reason: .remoteDead)))
    }

    @Test func `the loss of a context reaches everyone who ever addressed it`() {
        var family = chain()
        family.add("c")
        let b = family.id(2)
        _ = family.call("echo", from: 3, to: b.rawValue)
        family.lose(2)
        for node in [0, 1, 3] {
            #expect(
                family.events.contains { $0.node == node && $0.event.kind == .contextLost && $0.event.subject == b })
        }
        #expect(family.nodes[0].route(to: b) == nil)
    }

    @Test func `a sibling that never addressed a context is not bothered when it goes`() {
        var family = chain()
        family.add("c")
        family.lose(2)
        #expect(!family.events.contains { $0.node == 3 && $0.event.kind == .contextLost })
    }

    @Test func `losing a relay loses all that was behind it`() {
        var family = chain()
        family.run = { _ in nil }
        let call = family.at(0) { [id = family.id(2)] node, now in node.call(CallRequest("f", on: id), at: now) }
        family.lose(1)
        #expect(
            family.outcome(of: call, at: 0)
                == .failed(
                    Failure(.channel, "the respondent Context has disconnected", reason: .respondentLost)))
    }

    @Test func `a request that runs into a lost route from above is answered there`() {
        var family = chain()
        #expect(
            family.call("echo", to: 999)
                == .failed(
                    Failure(.channel, "no route to 999, my ID is 0", reason: .remoteDead)))
        #expect(
            family.call("echo", from: 2, to: 999)
                == .failed(
                    Failure(.channel, "no route to 999, my ID is 0", reason: .remoteDead)))
    }

    @Test func `unidirectional routing keeps siblings apart and parents reachable`() {
        var configuration = Node.Configuration.traced
        configuration.isUnidirectional = true
        var family = Family(configuration)
        family.add("a")
        family.add("b")
        let handle = family.at(2) { $0.openReceiver(at: $1) }
        let reply = family.at(1) { $0.openReceiver(at: $1) }
        family.at(1) { [to = family.id(2)] node, now in
            node.send(Message(to: to, handle: handle, replyTo: reply), at: now)
        }
        guard case .deliver(_, let answer)? = family.orders.last?.order else { Issue.record("no answer"); return }
        #expect(
            String(decoding: answer.payload, as: UTF8.self)
                == "routing mode prevents forward of message from context 1 to context 2 via context 0")
        #expect(family.call("echo", to: 2, 1) == .value(1))
    }

    @Test(arguments: [(ContextID(0), ContextID(0)), (ContextID(2), ContextID(1))])
    func `who speaks in another's name is refused and told so`(authority: ContextID, source: ContextID) {
        var family = Family.pair()
        family.add("victim")
        let forged = Message(
            to: ContextID(2), from: source, authority: authority, handle: .shutdown, replyTo: Handle(1000))
        family.inject(forged, from: 1)
        #expect(family.events.contains { $0.node == 0 && $0.event.reason == .badAuthority })
        #expect(family.events.contains { $0.node == 1 && $0.event.kind == .frameIn && $0.event.replyTo == .dead })
        #expect(!family.nodes[2].hasEnded)
    }

    /// From above anybody may speak whom a context does not know; but it knows itself.
    @Test(arguments: [(ContextID(1), ContextID(1)), (ContextID(0), ContextID(1))])
    func `who speaks to a context in its own name is refused, its parent too`(
        authority: ContextID, source: ContextID
    ) {
        var family = Family.pair()
        let handle = family.at(1) { $0.openReceiver(at: $1) }
        family.inject(Message(to: ContextID(1), from: source, authority: authority, handle: handle), from: 0)
        let reason: Event.Reason = authority == source ? .badAuthority : .badSource
        #expect(family.events.contains { $0.node == 1 && $0.event.reason == reason })
        #expect(!family.events.contains { $0.node == 1 && $0.event.kind == .delivered && $0.event.handle == handle })
    }

    @Test func `who addressed a context before it was known to be behind the same link leaves nothing behind`() {
        var family = Family.pair()
        let (child, late) = (family.id(1), ContextID(77))
        func say(_ handle: Handle) {
            family.inject(Message(to: .master, from: child, handle: handle, payload: Array("\(late)".utf8)), from: 1)
        }
        family.inject(Message(to: late, from: child, handle: .callFunction, replyTo: Handle(1000)), from: 1)
        #expect(family.nodes[0].holdings.egress.contains { $0.subject == late })
        say(.addRoute)
        #expect(family.nodes[0].holdings.routes.contains(late))
        say(.delRoute)
        #expect(!family.nodes[0].holdings.egress.contains { $0.subject == late })
    }

    @Test func `a neighbour cannot announce the root, ourselves or a context that another has`() {
        var family = chain()
        family.add("c")
        for id in [ContextID(0), family.id(2)] {
            let route = family.nodes[0].route(to: id)
            family.inject(
                Message(to: .master, from: family.id(3), handle: .addRoute, payload: Array("\(id):x".utf8)), from: 3)
            #expect(family.nodes[0].route(to: id) == route)
        }
    }

    @Test func `a neighbour cannot take away a route that does not lead through it`() {
        var family = chain()
        family.add("c")
        let b = family.id(2)
        family.inject(Message(to: .master, from: family.id(3), handle: .delRoute, payload: Array("\(b)".utf8)), from: 3)
        #expect(family.nodes[0].route(to: b) != nil)
    }

    @Test(arguments: ["", "x", "-1", "99999999999999999999", "3:"])
    func `a route message that is no number changes nothing`(payload: String) {
        var family = Family.pair()
        for handle in [Handle.addRoute, .delRoute] {
            family.inject(
                Message(to: .master, from: ContextID(1), handle: handle, payload: Array(payload.utf8)), from: 1)
        }
        #expect(family.call("echo", to: 1, 5) == .value(5))
    }

    @Test func `a child answers for an id that nobody below it has`() {
        var family = Family.pair()
        family.inject(Message(to: .master, from: ContextID(1), handle: .addRoute, payload: Array("1234".utf8)), from: 1)
        #expect(
            family.call("echo", to: 1234)
                == .failed(
                    Failure(.channel, "no route to 1234, my ID is 1", reason: .remoteDead)))
    }

    @Test func `a message to a handle that nobody opened is answered by its context`() {
        var family = Family.pair()
        let reply = family.at(0) { $0.openReceiver(at: $1) }
        family.at(0) { $0.send(Message(to: ContextID(1), handle: Handle(1234), replyTo: reply), at: $1) }
        guard case .deliver(_, let answer)? = family.orders.last?.order else { Issue.record("no answer"); return }
        #expect(answer.isDead && answer.source == ContextID(1))
        #expect(answer.payload == Array("invalid handle".utf8))
    }

    @Test func `a message that is too long reaches the receiver that would have got it as the reason`() {
        var configuration = Node.Configuration.traced
        configuration.messageBytesMax = 4096
        var family = Family.pair(configuration)
        let handle = family.at(1) { $0.openReceiver(at: $1) }
        let long = [UInt8](repeating: 1, count: 8192)
        family.at(0) { $0.send(Message(to: ContextID(1), handle: handle, payload: long), at: $1) }
        guard case .deliver(_, let message)? = family.orders.last?.order else { Issue.record("nothing"); return }
        #expect(message.isDead && message.payload == Array("message too large (max 4096 bytes)".utf8))
    }

    @Test func `a context that was asked to end cannot be reached afterwards`() {
        var family = Family.pair()
        family.at(0) { $0.shutdown(ContextID(1), at: $1) }
        #expect(
            family.call("echo", to: 1)
                == .failed(
                    Failure(.channel, "no route to 1, my ID is 0", reason: .remoteDead)))
    }

    @Test(arguments: [false, true])
    func `a relay whose parent is gone goes on answering its children`(isUnidirectional: Bool) {
        var configuration = Node.Configuration.traced
        configuration.isUnidirectional = isUnidirectional
        var family = chain(configuration)
        let (a, b) = (family.id(1), family.id(2))
        family.at(1) { node, now in
            node.linkClosed(.parent, at: now)
            for message in [
                Message(to: .master, from: b, handle: Handle(1), replyTo: Handle(1000)),
                Message(to: a, from: b, handle: .addRoute, payload: Array("77:x".utf8)),
            ] { node.received(message.frame.span, on: LinkID(1), at: now) }
        }
        #expect(family.events.contains { $0.node == 1 && $0.event.kind == .dropped && $0.event.reason == .noRoute })
        #expect(family.nodes[1].hasEnded)
    }

    @Test func `a lost context is told once, and its route leaves by the link it came by`() {
        var family = chain()
        family.lose(2)
        let root = family.events.filter { $0.node == 0 }.map(\.event)
        #expect(root.filter { $0.kind == .contextLost }.map(\.subject) == [family.id(2)])
        let routes = root.filter { $0.subject == family.id(2) && [.routeAdded, .routeRemoved].contains($0.kind) }
        #expect(routes.map(\.link) == [family.id(1), family.id(1)])
    }

    @Test func `a swallowed notice leaves the root believing in a dead context`() {
        var configuration = Node.Configuration.traced
        configuration.defect = Node.defects.first
        var family = Family(configuration)
        for (name, parent) in [("a", 0), ("b", 1), ("c", 2)] { family.add(name, below: parent) }
        let c = family.id(3)
        family.run = { _ in nil }
        let call = family.at(0) { $0.call(CallRequest("f", on: c), at: $1) }
        family.lose(3)
        #expect(family.outcome(of: call, at: 0) == nil)
        #expect(family.nodes[0].route(to: c) != nil)
    }
}

extension Family {
    func id(_ node: Int) -> ContextID { nodes[node].identity?.id ?? .master }
}
