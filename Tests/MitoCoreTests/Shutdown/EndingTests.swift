import MitoCore
import Testing

struct EndingTests {
    @Test func `an orderly end takes the children first`() {
        var family = Family.pair()
        family.add("grandchild", below: 1)
        family.at(0) { $0.shutdown(at: $1) }
        #expect(family.nodes.map(\.hasEnded) == [true, true, true])
        #expect(family.exits == [2, 1, 0])
    }

    @Test func `a context that is asked to end does so and its callers hear it`() {
        var family = Family.pair()
        family.run = { _ in nil }
        let call = family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) }
        family.at(0) { $0.shutdown(ContextID(1), at: $1) }
        #expect(family.exits == [1])
        guard case .failed(let failure) = family.outcome(of: call, at: 0) else { Issue.record("no failure"); return }
        #expect(failure.kind == .channel)
    }

    @Test func `a child whose parent is gone ends and takes its children along`() {
        var family = Family.pair()
        family.add("grandchild", below: 1)
        family.lose(1)
        #expect(family.nodes[1].hasEnded && family.nodes[2].hasEnded)
        #expect(!family.nodes[0].hasEnded)
    }

    @Test func `a deaf child is cut off when the grace is over`() {
        var boot = HandBoot()
        boot.say("MITO000\nMITO002\n")
        boot.node.shutdown(at: .start)
        #expect(boot.node.deadline == Instant(nanoseconds: 5_000_000_000))
        boot.expire()
        #expect(boot.closed && boot.node.hasEnded)
    }

    @Test func `every open call and receiver is told when the broker ends`() {
        var boot = HandBoot()
        boot.say("MITO000\nMITO002\n")
        let receiver = boot.node.openReceiver(at: .start)
        _ = boot.node.call(CallRequest("f", on: ContextID(1)), at: .start)
        boot.node.shutdown(at: .start)
        boot.node.expired(at: boot.node.deadline ?? .start)
        var told: [String] = []
        while let output = boot.node.poll() {
            switch output.order {
            case .completed(_, .failed(let failure)): told.append(failure.message)
            case .deliver(receiver, let message): told.append(String(decoding: message.payload, as: UTF8.self))
            default: break
            }
        }
        #expect(told.contains("Broker has exitted"))
        #expect(told.count == 2)
        #expect(boot.node.openHandles.isEmpty)
    }

    @Test func `a driver with logs of its own to send is waited for`() {
        var child = Self.drainingChild()
        child.received(Message(to: ContextID(1), handle: .shutdown).frame.span, on: .parent, at: .start)
        #expect(Self.orders(of: &child).contains { if case .ending = $0 { true } else { false } })
        #expect(!child.hasEnded)
        child.log(LogRecord(logger: "stdout", level: 20, message: "last words"), at: .start)
        child.drained(at: .start)
        #expect(child.hasEnded)
        let sent = child.takeOutbound(.parent)
        #expect(String(decoding: sent, as: UTF8.self).contains("last words"))
    }

    @Test func `a driver that never has sent its logs is waited for as long as the grace allows`() {
        var child = Self.drainingChild()
        child.received(Message(to: ContextID(1), handle: .shutdown).frame.span, on: .parent, at: .start)
        child.expired(at: child.deadline ?? .start)
        #expect(child.hasEnded)
    }

    @Test func `logs that nobody above can read are not waited for`() {
        var child = Self.drainingChild()
        child.linkClosed(.parent, at: .start)
        #expect(child.hasEnded)
    }

    /// A child that is up, below nobody.
    private static func drainingChild() -> Node {
        var configuration = Node.Configuration.traced
        configuration.isDraining = true
        let preamble = Preamble(contextID: ContextID(1), parentIDs: [.master], name: "web").text()
        var child = Node(childAwaiting: preamble.count, configuration: configuration)
        child.received(preamble.span, on: .parent, at: .start)
        _ = child.takeOutbound(.parent)
        _ = orders(of: &child)
        return child
    }

    private static func orders(of node: inout Node) -> [Order] {
        var orders: [Order] = []
        while let output = node.poll() { orders.append(output.order) }
        return orders
    }

    @Test func `an end while a child is starting exits last and waits for nothing`() {
        var boot = HandBoot()
        boot.node.shutdown(at: .start)
        var orders: [Order] = []
        while let output = boot.node.poll() { orders.append(output.order) }
        guard case .exit? = orders.last else { Issue.record("no exit at the end"); return }
        #expect(orders.contains { if case .connected(_, .failure) = $0 { true } else { false } })
        #expect(boot.node.deadline == nil)
    }

    @Test func `whoever waits for somebody above hears of a lost parent at once`() {
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        var family = Family.pair(configuration)
        family.add("cousin")
        family.run = { _ in nil }
        let call = family.at(1) { [to = family.id(2)] node, now in node.call(CallRequest("f", on: to), at: now) }
        family.lose(1)
        #expect(
            family.outcome(of: call, at: 1)
                == .failed(
                    Failure(.channel, "the respondent Context has disconnected", reason: .respondentLost)))
    }

    @Test func `commands after the end are answered, once each`() {
        var boot = HandBoot()
        boot.node.shutdown(at: .start)
        while boot.node.poll() != nil {}
        _ = boot.node.call(CallRequest("f", on: ContextID(1)), at: .start)
        _ = boot.node.connect(ConnectRequest(), at: .start)
        _ = boot.node.connect(ConnectRequest(via: ContextID(1)), at: .start)
        _ = boot.node.openReceiver(at: .start)
        var answers = 0
        while let output = boot.node.poll() {
            switch output.order {
            case .completed, .connected, .deliver: answers += 1
            default: Issue.record("\(output.order) after the end")
            }
        }
        #expect(answers == 4)
        #expect(boot.node.openHandles.isEmpty && boot.node.deadline == nil)
    }

    @Test func `a function that the end overtakes is noted as ended`() {
        var family = Family.pair()
        family.run = { _ in nil }
        for _ in 0..<2 { _ = family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) } }
        family.at(0) { $0.shutdown(ContextID(1), at: $1) }
        let ended = family.events.map(\.event).filter { $0.kind == .invocationEnded }
        #expect(ended.map(\.reason) == [.brokerExited, .brokerExited])
        #expect(family.events.contains { $0.node == 1 && $0.event.kind == .contextDown && $0.event.reason == .askedTo })
    }

    @Test func `a stranger cannot end a context`() {
        var family = Family.pair()
        family.add("stranger")
        family.at(2) { $0.shutdown(ContextID(1), at: $1) }
        #expect(!family.nodes[1].hasEnded)
    }

    @Test func `a corrupt stream from the parent ends a child, from a child only that link`() {
        var family = Family.pair()
        family.feedParent(of: 1, Array("garbage that is no frame at all".utf8))
        #expect(!family.nodes[0].hasEnded)
        #expect(family.nodes[1].hasEnded)
        #expect(family.nodes[0].route(to: ContextID(1)) == nil)
    }
}

extension Family {
    /// Which nodes ended, in that order.
    var exits: [Int] {
        orders.compactMap { if case .exit = $0.order { $0.node } else { nil } }
    }
}
