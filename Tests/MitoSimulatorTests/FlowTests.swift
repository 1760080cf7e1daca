import MitoCore
import MitoLinks
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

/// Who waits for room, and who does not: only those who send by themselves, so that no two relays wait for each other.
@Suite struct FlowTests {
    @Test func `whoever streams through a frozen relay waits, and all arrives when it goes on`() throws {
        let grove = Grove()
        let chain = grove.growChain(["rack", "web"])
        let sink = try #require(grove.simulation.withAgent(.master) { $0.node.openReceiver(at: $1) })
        let call = grove.begin("flood", on: chain[1], [100, .sender(.master, sink)])
        while !grove.isRunning("flood", in: chain[1]), grove.simulation.step() {}
        grove.simulation.perform(.freeze(chain[0]))
        #expect(grove.run() == .quiescent && grove.result(of: call) == nil)
        #expect(grove.bytesWaiting(in: chain[1], on: .parent) <= Self.turnBytes)
        #expect(grove.records.contains { $0.event.kind == .waiterParked && $0.event.text == "room to 0" })
        grove.simulation.perform(.thaw(chain[0]))
        grove.run()
        #expect(grove.result(of: call) == .value(100))
        let items = grove.records.filter { $0.event.kind == .delivered && $0.event.handle == sink }
        #expect(items.count == 101, "a hundred items and the end")
    }

    @Test func `whoever streams into a held link waits`() throws {
        let grove = Grove()
        let web = grove.grow("web")
        let sink = try #require(grove.simulation.withAgent(.master) { $0.node.openReceiver(at: $1) })
        grove.simulation.perform(.link(web, .hold(.up)))
        let call = grove.begin("flood", on: web, [1_000, .sender(.master, sink)])
        #expect(grove.run() == .quiescent && grove.result(of: call) == nil)
        #expect(grove.bytesWaiting(in: web, on: .parent) <= Self.turnBytes)
        grove.simulation.perform(.link(web, .release(.up)))
        grove.run()
        #expect(grove.result(of: call) == .value(1_000))
    }

    @Test func `a relay to one that does not read is bounded, and goes on reading`() throws {
        var configuration = Node.Configuration.traced
        configuration.queueBytesMax = 1 << 20
        configuration.callers = .anyone
        let grove = Grove(configuration: configuration)
        let chain = grove.growChain(["rack", "web"])
        let other = grove.grow("other", via: chain[0])
        guard case .value(let sender)? = grove.call("collect", on: chain[1]) else { Issue.record("no sender"); return }
        grove.simulation.perform(.freeze(chain[1]))
        // The stream comes from the root, so that the frozen one's parent only passes it on.
        #expect(grove.call("flood", on: other, [200, sender]) == .value(200))
        let waiting = grove.links(of: chain[0]).map { grove.bytesWaiting(in: chain[0], on: $0) }
        #expect((waiting.max() ?? 0) <= 2 << 20)
        #expect(grove.records.contains { $0.event.kind == .dropped && $0.event.reason == .queueFull })
        #expect(grove.call("echo", on: other, [1]) == .value(1))
    }

    @Test(arguments: [64 << 10, 1 << 20])
    func `two busy relays in opposite directions never lock`(queue: Int) throws {
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        let slow = LinkModel(.init(delay: .constant(.milliseconds(1)), bandwidth: 5_000_000, queue: queue))
        let grove = Grove(link: slow, configuration: configuration)
        let (left, right) = (grove.grow("left"), grove.grow("right"))
        let ends = [grove.grow("a", via: left), grove.grow("b", via: right)]
        let senders = ends.compactMap { end -> Value? in
            if case .value(let sender)? = grove.call("collect", on: end) { sender } else { nil }
        }
        let floods = [
            grove.begin("flood", on: ends[0], [2_000, senders[1], 4_096]),
            grove.begin("flood", on: ends[1], [2_000, senders[0], 4_096]),
        ]
        #expect(grove.run() == .quiescent)
        #expect(floods.map(grove.result) == [Outcome.value(2_000), Outcome.value(2_000)])
        for (end, sender) in zip(ends, senders) {
            guard case .value(.list(let items))? = grove.call("collected", on: end, [sender]) else {
                Issue.record("no items")
                return
            }
            #expect(items.count == 2_000)
        }
    }

    /// What one turn of a stream may write beyond what the link takes.
    private static let turnBytes = 256 * 1024
}

extension Grove {
    fileprivate func isRunning(_ function: String, in context: ContextID) -> Bool {
        records.contains {
            $0.context == context && $0.event.kind == .invocationStarted && $0.event.text == function
        }
    }

    fileprivate func bytesWaiting(in context: ContextID, on link: LinkID) -> Int {
        simulation.agent(context)?.node.bytesWaiting(on: link) ?? 0
    }

    fileprivate func links(of context: ContextID) -> [LinkID] { (0..<8).map { LinkID($0) } }
}
