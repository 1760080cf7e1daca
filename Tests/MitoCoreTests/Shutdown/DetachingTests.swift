import MitoCore
import Testing

struct DetachingTests {
    @Test func `a context that detaches stands alone, with what is below it`() {
        var family = Family.pair()
        family.add("grandchild", below: 1)
        family.at(1) { $0.detach(at: $1) }
        #expect(family.detachments(of: 1) == [.value(.none)])
        #expect(family.nodes[1].identity?.ancestors == [])
        #expect(!family.nodes[1].hasEnded && !family.nodes[2].hasEnded)
        #expect(family.call("echo", from: 1, to: 2, 5) == .value(5))
        #expect(family.nodes[0].route(to: ContextID(1)) == nil)
    }

    @Test func `it lets go of its parent before anything is written, and is let go before it hangs up`() {
        var family = Family.pair()
        family.at(1) { $0.detach(at: $1) }
        let steps = family.orders.compactMap { node, order in
            switch order {
            case .leaveParent: "\(node) leaves"
            case .release: "\(node) releases"
            case .detached: "\(node) is free"
            case .lost(let context): "\(node) lost \(context)"
            default: nil
            }
        }
        #expect(steps == ["1 leaves", "0 releases", "1 is free", "0 lost 1"])
    }

    @Test func `who waited for it above is told, and what it waited for above is lost`() {
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        var family = Family.pair(configuration)
        family.add("cousin")
        family.run = { _ in nil }
        let above = family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) }
        let below = family.at(1) { $0.call(CallRequest("f", on: ContextID(2)), at: $1) }
        family.at(1) { $0.detach(at: $1) }
        for outcome in [family.outcome(of: above, at: 0), family.outcome(of: below, at: 1)] {
            guard case .failed(let failure)? = outcome else { Issue.record("somebody still waits"); continue }
            #expect(failure.kind == .channel)
        }
    }

    @Test func `it starts contexts of its own afterwards, with ids that nobody below has`() {
        var family = Family.pair()
        family.add("grandchild", below: 1)
        family.at(1) { $0.detach(at: $1) }
        let new = family.add("new", below: 1)
        #expect(family.nodes[new].identity == Identity(id: ContextID(3), ancestors: [ContextID(1)], name: "new"))
        #expect(family.call("echo", from: 1, to: 3, 7) == .value(7))
    }

    @Test func `the parent's end waits for nobody who left`() {
        var boot = HandBoot()
        boot.say("MITO000\nMITO002\n")
        boot.say(Message(to: .master, from: ContextID(1), handle: .detaching, replyTo: .firstDynamic).frame)
        boot.node.shutdown(at: .start)
        #expect(boot.node.hasEnded)
        #expect(!boot.sentHandles.contains(.shutdown))
    }

    @Test func `the root, and who is about to leave, cannot detach`() {
        var family = Family.pair()
        family.at(0) { $0.detach(at: $1) }
        family.ask(1) { $0.detach(at: $1) }
        family.at(1) { $0.detach(at: $1) }
        guard case .failed(let root)? = family.detachments(of: 0).first else { Issue.record("the root left"); return }
        #expect(root.kind == .channel)
        let answers = family.detachments(of: 1)
        #expect(answers.count == 2 && answers.contains(.value(.none)))
    }

    @Test func `a second DETACHING is answered with an error`() {
        var boot = HandBoot()
        boot.say("MITO000\nMITO002\n")
        let detaching = Message(to: .master, from: ContextID(1), handle: .detaching, replyTo: .firstDynamic)
        boot.say(detaching.frame)
        boot.say(detaching.frame)
        #expect(boot.sentHandles == [.firstDynamic, .firstDynamic])
    }

    @Test func `a parent that is lost meanwhile ends the context as ever`() {
        var family = Family.pair()
        family.ask(1) { $0.detach(at: $1) }
        family.lose(1)
        #expect(family.nodes[1].hasEnded)
        guard case .failed? = family.detachments(of: 1).first else { Issue.record("it left"); return }
    }
}

extension Family {
    fileprivate func detachments(of node: Int) -> [Outcome] {
        orders.compactMap { if case (node, .detached(let outcome)) = $0 { outcome } else { nil } }
    }
}

extension HandBoot {
    /// The handles of the frames that were sent to the child, behind the preamble.
    fileprivate var sentHandles: [Handle] {
        guard var offset = sent.firstIndex(of: 0x0A).map({ $0 + 1 }) else { return [] }
        var handles: [Handle] = []
        while let header = try? FrameHeader(sent.span, at: offset, payloadMax: 1 << 20) {
            handles.append(header.handle)
            offset += FrameHeader.byteCount + Int(header.length)
        }
        return handles
    }
}
