import MitoCore
import MitoTrace
import Testing

@Suite struct RollingHashTests {
    @Test func `the fold never changes`() {
        var hash = RollingHash()
        hash.fold(0)
        #expect(hash.value == 8_874_508_629_754_704_174)
        hash.fold("mitoscope")
        #expect(hash.value == 951_553_695_289_322_114)
        hash.fold(fullRecord.event, in: fullRecord.context)
        #expect(hash.value == 7_603_204_337_830_633_020)
    }

    @Test func `every field of an event counts`() {
        let changes: [(inout Event) -> Void] = [
            { $0.kind = .log }, { $0.reason = .none }, { $0.upward = false }, { $0.step = 0 }, { $0.cause = 0 },
            { $0.at = .start }, { $0.link = .master }, { $0.ordinal = 0 }, { $0.destination = .master },
            { $0.source = .master },
            { $0.authority = .master }, { $0.subject = .master }, { $0.handle = .none }, { $0.replyTo = .none },
            { $0.length = 0 },
            { $0.digest = 0 }, { $0.text = "" }, { $0.tag = "" },
        ]
        let hashes = changes.map { change in
            var event = fullRecord.event
            change(&event)
            return hash(event, in: ContextID(3))
        }
        #expect(
            Set(hashes + [hash(fullRecord.event, in: ContextID(3)), hash(fullRecord.event, in: ContextID(4))]).count
                == changes.count + 2)
    }

    @Test func `events fold as one after another`() {
        var changed = fullRecord.event
        changed.text = "eight by"
        changed.tag = "eight bytes and nine, 片"
        var apart = RollingHash()
        for event in [fullRecord.event, changed] { apart.fold(event, in: ContextID(3)) }
        var together = RollingHash()
        together.fold([fullRecord.event, changed].span, in: ContextID(3))
        #expect(together == apart)
    }

    @Test func `the order of events counts`() {
        var there = RollingHash()
        var back = RollingHash()
        for kind in [Event.Kind.linkUp, .linkDown] { there.fold(Event(kind), in: ContextID(1)) }
        for kind in [Event.Kind.linkDown, .linkUp] { back.fold(Event(kind), in: ContextID(1)) }
        #expect(there != back)
    }

    @Test func `texts that share a boundary differ`() {
        var events = [Event(.log), Event(.log)]
        (events[0].text, events[0].tag) = ("ab", "c")
        (events[1].text, events[1].tag) = ("a", "bc")
        #expect(hash(events[0], in: ContextID(1)) != hash(events[1], in: ContextID(1)))
    }

    private func hash(_ event: Event, in context: ContextID) -> UInt64 {
        var hash = RollingHash()
        hash.fold(event, in: context)
        return hash.value
    }
}
