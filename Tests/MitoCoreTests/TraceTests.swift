import MitoCore
import Testing

struct TraceTests {
    @Test func `the n-th frame out of a link is the n-th frame in`() {
        var family = Family.pair()
        family.add("grandchild", below: 1)
        for value in 0..<20 { _ = family.call("echo", to: family.id(2).rawValue, .int(Int64(value))) }
        let frames = { (kind: Event.Kind) in
            family.events.map(\.event).filter { $0.kind == kind }.map {
                [UInt64($0.link.rawValue), $0.upward ? 1 : 0, $0.ordinal, $0.digest]
            }
        }
        #expect(
            frames(.frameOut).sorted { $0.lexicographicallyPrecedes($1) }
                == frames(.frameIn).sorted { $0.lexicographicallyPrecedes($1) })
        #expect(!frames(.frameIn).isEmpty)
    }

    @Test func `a forwarded frame cites the frame that came in`() {
        var family = Family.pair()
        family.add("grandchild", below: 1)
        _ = family.call("echo", to: family.id(2).rawValue, 1)
        let relay = family.events.filter { $0.node == 1 }.map(\.event)
        let out = relay.last { $0.kind == .frameOut && !$0.upward }
        let came = relay.first { $0.step == out?.cause }
        #expect(came?.kind == .frameIn)
        #expect(came?.digest == out?.digest)
    }

    @Test func `steps count up without a gap and causes lie in the past`() {
        var family = Family.pair()
        _ = family.call("echo", to: 1, 1)
        for node in 0...1 {
            let events = family.events.filter { $0.node == node }.map(\.event)
            #expect(events.map(\.step) == Array(1...UInt64(events.count)))
            #expect(events.allSatisfy { $0.cause < $0.step })
        }
    }

    @Test func `looking changes nothing`() {
        var silent = Node.Configuration()
        silent.isTraced = false
        var families = [Family.pair(silent), Family.pair()]
        for place in families.indices { _ = families[place].call("echo", to: 1, 1) }
        #expect(families[0].events.isEmpty)
        #expect(families[0].nodes.map(\.digest) == families[1].nodes.map(\.digest))
    }

    @Test func `equal histories have equal digests and a difference shows`() {
        var family = Family.pair()
        let before = family.nodes.map(\.digest)
        #expect(Family.pair().nodes.map(\.digest) == before)
        _ = family.call("echo", to: 1, 1)
        #expect(family.nodes.map(\.digest) != before)
    }
}
