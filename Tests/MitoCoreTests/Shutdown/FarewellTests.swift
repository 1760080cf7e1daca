import MitoCore
import Testing

/// A child that was asked to end must be gone in time.
struct FarewellTests {
    @Test func `a deaf child that was asked to end alone is cut off when its grace is over`() {
        var boot = HandBoot.up()
        boot.node.shutdown(ContextID(1), at: .start)
        #expect(boot.node.deadline == Instant(nanoseconds: 5_000_000_000))
        boot.expire()
        #expect(boot.closed && !boot.node.hasEnded && boot.node.route(to: ContextID(1)) == nil)
        #expect(boot.logs == ["context 1 did not end within the grace; it is cut off"])
    }

    @Test func `a child that ends in time is not waited for any longer`() {
        var boot = HandBoot.up()
        boot.node.shutdown(ContextID(1), at: .start)
        boot.hangUp()
        #expect(boot.node.deadline == nil && boot.logs == [])
    }

    @Test func `a child with a grace of its own gets a second more, however often it is asked`() {
        var request = ConnectRequest(name: "hand")
        request.grace = .seconds(20)
        var boot = HandBoot.up(request)
        #expect(String(decoding: boot.sent, as: UTF8.self).contains("'mitoscope_grace': 20000000000"))
        for _ in 0..<3 { boot.node.shutdown(ContextID(1), at: .start) }
        #expect(boot.node.deadline == Instant(nanoseconds: 21_000_000_000))
    }

    @Test func `a child's own grace comes from its preamble`() {
        var preamble = Preamble(contextID: ContextID(1), parentIDs: [.master], name: "web")
        preamble.shutdownGrace = .seconds(7)
        let text = preamble.text()
        var node = Node(childAwaiting: text.count)
        node.received(text.span, on: .parent, at: .start)
        #expect(node.configuration.shutdownGrace == .seconds(7))
    }

    @Test func `a stranger's request to end a child sets no deadline`() {
        var family = Family.pair()
        family.add("stranger")
        family.ask(2) { $0.shutdown(ContextID(1), at: $1) }
        family.settle()
        #expect(family.nodes[0].deadline == nil && !family.nodes[1].hasEnded)
    }

    @Test func `a relay passes a grace and a connect time-out on`() {
        var family = Family.pair()
        var request = ConnectRequest(name: "below", via: ContextID(1))
        request.grace = .milliseconds(1500)
        request.connectTimeout = .milliseconds(1500)
        _ = family.at(0) { [request] node, now in node.connect(request, at: now) }
        #expect(family.nodes[2].configuration.shutdownGrace == .milliseconds(1500))
    }

    @Test func `a connect time-out of its own counts`() {
        var request = ConnectRequest(name: "hand")
        request.connectTimeout = .seconds(2)
        let boot = HandBoot(.traced, request)
        #expect(boot.node.deadline == Instant(nanoseconds: 2_000_000_000))
    }
}

extension HandBoot {
    fileprivate static func up(_ request: ConnectRequest = ConnectRequest(name: "hand")) -> HandBoot {
        var boot = HandBoot(.traced, request)
        boot.say("MITO000\nMITO002\n")
        return boot
    }
}
