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
