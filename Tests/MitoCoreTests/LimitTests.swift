import Testing

@testable import MitoCore

/// What peers send never takes more and more memory, nor more and more of anything that must be shared.
struct LimitTests {
    private func tight() -> Node.Configuration {
        var configuration = Node.Configuration.traced
        configuration.queueBytesMax = 2_000
        return configuration
    }

    private func up(_ configuration: Node.Configuration = .traced) -> HandBoot {
        var boot = HandBoot(configuration)
        boot.say("MITO000\nMITO002\n")
        return boot
    }

    private func child(_ handle: Handle, _ text: String = "", to: ContextID = .master, replyTo: Handle = .none)
        -> Message
    {
        Message(to: to, from: ContextID(1), handle: handle, replyTo: replyTo, payload: Array(text.utf8))
    }

    @Test func `a name in a route has a greatest length, whatever its letters are`() {
        var boot = up()
        boot.say(child(.addRoute, "77:e" + String(repeating: "\u{301}", count: 10_000)).frame)
        #expect(boot.node.name(of: ContextID(77))?.unicodeScalars.count == 500)
    }

    @Test func `contexts that come and go leave no names behind`() {
        var boot = up()
        for id in 100..<3_000 { boot.say(child(.addRoute, "\(id):x").frame + child(.delRoute, "\(id)").frame) }
        #expect(boot.node.names.count <= NameTable.lostMax + 1)
        #expect(boot.node.name(of: ContextID(2_999)) == "x")
    }

    @Test func `a neighbour that breaks the rules for ever is not logged for ever`() {
        var boot = up()
        for _ in 0..<300 { boot.say(child(.delRoute, "500").frame) }
        #expect(boot.logs.count == 100)
        #expect(boot.logs.last?.hasSuffix("more of this neighbour is not logged") == true)
    }

    @Test func `what is forwarded to a neighbour that does not read is answered`() {
        var family = Family.pair(tight())
        family.add("sink")
        let message = child(Handle(1_500), String(repeating: "x", count: 500), to: family.id(2), replyTo: Handle(1_000))
        family.at(0) { node, now in
            for _ in 0..<10 { node.received(message.frame.span, on: LinkID(0), at: now) }
        }
        let dropped = family.events.filter { $0.node == 0 && $0.event.reason == .queueFull }
        #expect(dropped.count == 6)
    }

    @Test func `a dead message still passes where others are refused`() {
        var family = Family.pair(tight())
        family.add("sink")
        let sink = family.id(2)
        let message = child(Handle(1_500), String(repeating: "x", count: 2_500), to: sink)
        let dead = Message.dead("", to: sink, from: ContextID(1), handle: Handle(1_500))
        family.at(0) { $0.received((message.frame + message.frame + dead.frame).span, on: LinkID(0), at: $1) }
        let came = family.events.filter {
            $0.node == 2 && $0.event.kind == .frameIn && $0.event.handle == Handle(1_500)
        }
        // The first message, the word that the second was refused, and the dead message.
        #expect(came.map(\.event.replyTo) == [.none, .dead, .dead])
    }

    @Test func `a reply that finds no room ends its caller's wait`() {
        var configuration = tight()
        configuration.callers = .anyone
        var family = Family.pair(configuration)
        family.add("caller")
        family.run = { _ in nil }
        let call = family.at(2) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) }
        let filling = child(Handle(9_999), String(repeating: "x", count: 2_500), to: family.id(2))
        let reply = child(call.handle, String(repeating: "x", count: 2_500), to: family.id(2))
        family.at(0) { $0.received((filling.frame + reply.frame).span, on: LinkID(0), at: $1) }
        #expect(family.outcome(of: call, at: 2) == .failed(Failure(.channel, "queue full", reason: .remoteDead)))
    }

    @Test func `a child that asks and never reads the answers is cut off`() {
        var family = Family.pair(tight())
        let question = child(Handle(1), replyTo: Handle(1_000))
        family.at(0) { node, now in
            for _ in 0..<1_000 { node.received(question.frame.span, on: LinkID(0), at: now) }
        }
        #expect(family.nodes[0].route(to: ContextID(1)) == nil)
        #expect(family.events.contains { $0.node == 0 && $0.event.kind == .linkDown && $0.event.reason == .queueFull })
    }

    @Test func `calls that wait to run are counted, and refused at the limit`() {
        var family = Family.pair(tight())
        family.at(1) {
            $0.configuration.queueBytesMax = 2_000; _ = $1
        }
        family.run = { _ in nil }
        let calls = (0..<8).map { _ in family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) } }
        #expect(family.outcome(of: calls[3], at: 0) == nil)
        #expect(family.outcome(of: calls[7], at: 0) == .failed(Failure(.channel, "queue full", reason: .remoteDead)))
    }

    @Test func `only the latest failed chains are remembered`() {
        var dispatcher = Dispatcher()
        for number in 0..<2_000 { dispatcher.remember("broken", of: "\(number)", by: .master) }
        #expect(dispatcher.failure(of: "1999") == "broken")
        #expect(dispatcher.failure(of: "0") == nil)
        dispatcher.forget("1999")
        #expect(dispatcher.failure(of: "1999") == nil)
    }

    @Test func `a lost caller's failed chain is forgotten, once its last call here has ended`() throws {
        var dispatcher = Dispatcher()
        for _ in 0..<2 {
            let call = Invocation(
                id: dispatcher.makeID(), function: "f", arguments: [], keywords: [], source: ContextID(5),
                authority: ContextID(5))
            dispatcher.enqueue(.init(invocation: call, chain: "c", replyTo: .none, bytes: 0))
        }
        let started = dispatcher.start()
        let first = try #require(started).invocation.id
        dispatcher.remember("broken", of: "c", by: ContextID(5))
        dispatcher.forgetChains(of: ContextID(5))
        let ended = dispatcher.end(first)
        dispatcher.forgetOrphan(try #require(ended))
        #expect(dispatcher.failure(of: "c") == "broken")
        let next = dispatcher.start()
        let second = try #require(next).invocation.id
        let last = dispatcher.end(second)
        dispatcher.forgetOrphan(try #require(last))
        #expect(dispatcher.failure(of: "c") == nil)
    }

    @Test func `an error about a name of any length is one that every reader takes`() {
        var family = Family.pair()
        let handle = family.at(0) { $0.openReceiver(at: $1) }
        let name = Value.tuple([.text(Text(String(repeating: "x", count: 50_000))), "m", .none]).pickled()
        family.at(0) {
            $0.send(
                Message(to: ContextID(1), handle: .callService, replyTo: handle, encoding: .pickle, payload: name),
                at: $1)
        }
        guard case .deliver(_, let answer)? = family.orders.last?.order,
            case .failed(let failure) = Outcome(reading: answer)
        else { Issue.record("no answer"); return }
        #expect(failure.message.unicodeScalars.count == 9_999)
    }

    @Test func `a root without ids left says so to everybody who asks`() {
        var family = Family.pair()
        family.at(0) {
            $0.connecting.ids = 7..<7; _ = $1
        }
        _ = family.at(0) { $0.connect(ConnectRequest(name: "x"), at: $1) }
        _ = family.at(0) { $0.connect(ConnectRequest(name: "y", via: ContextID(1)), at: $1) }
        #expect(family.connected[1] == .failure(StreamError("all context ids are used up")))
        #expect(family.connected.count == 3)
        if case .failure = family.connected[2] {} else { Issue.record("\(family.connected[2])") }
    }
}
