import MitoCore
import Mitoscope
import Testing

@Suite struct StreamTests {
    @Test func `items arrive in order and the sender's end ends them`() {
        var pump = Pump(children: 2)
        let sender = pump.call("collect", on: 1)?.value ?? .none
        #expect(pump.call("tail", on: 2, [5, sender]) == .value(5))
        #expect(pump.call("collected", on: 1, [sender]) == .value(.list([0, 1, 2, 3, 4])))
    }

    @Test func `whoever waits for items goes on when the last has come`() {
        var pump = Pump(children: 2)
        let sender = pump.call("collect", on: 1)?.value ?? .none
        let waiting = pump.begin("collected", on: 1, [sender])
        pump.run()
        #expect(pump.outcomes[waiting] == nil)
        _ = pump.call("tail", on: 2, [1000, sender])
        #expect(pump.outcomes[waiting] == .value(.list((0..<1000).map { .int($0) })))
    }

    @Test func `a long stream leaves a turn at a time`() {
        var pump = Pump(children: 1)
        let handle = pump.withAgent(0) { agent, now in agent.node.openReceiver(at: now) }
        _ = pump.begin("tail", on: 1, [1000, .sender(.master, handle)])
        pump.settle()
        #expect(pump.delivered.count == 256)
        #expect(pump.agents[1].deadline == pump.now)
        pump.run()
        #expect(pump.delivered.count == 1001)
        #expect(pump.delivered.last?.isDead == true)
    }

    @Test func `a flood's turn is bounded in bytes`() {
        var pump = Pump(children: 1)
        let handle = pump.withAgent(0) { agent, now in agent.node.openReceiver(at: now) }
        _ = pump.begin("flood", on: 1, [10, .sender(.master, handle), 100_000])
        pump.settle()
        #expect(pump.delivered.count == 1)
        pump.run()
        #expect(pump.delivered.count == 11)
    }

    @Test func `a stream waits while its link is congested`() {
        var pump = Pump(children: 1, isTraced: true)
        let handle = pump.withAgent(0) { agent, now in agent.node.openReceiver(at: now) }
        _ = pump.begin("tail", on: 1, [1000, .sender(.master, handle)])
        pump.settle()
        pump.withAgent(1) { agent, now in agent.congested(.parent, at: now) }
        pump.run()
        #expect(pump.delivered.count == 256)
        #expect(pump.waits(of: 1) == ["room to 0"])
        pump.withAgent(1) { agent, now in agent.relieved(.parent, at: now) }
        pump.run()
        #expect(pump.delivered.count == 1001)
    }

    @Test func `a stream to a context that is lost fails`() {
        var pump = Pump(children: 2)
        _ = pump.call("relay", on: 1, [2, "echo"])
        let call = pump.begin("tail", on: 1, [1000, .sender(ContextID(2), .firstDynamic)])
        pump.settle()
        pump.kill(2)
        pump.settle()
        #expect(pump.outcomes[call]?.failure?.message.hasPrefix("mitogen.core.ChannelError") == true)
    }

    @Test func `a receiver ends when the context that sent to it is known to be lost`() throws {
        var pump = Pump(children: 2)
        // News of a loss reaches whoever ever addressed the lost context.
        _ = pump.call("relay", on: 1, [2, "echo"])
        let sender = pump.call("collect", on: 1)?.value ?? .none
        let (context, handle) = try #require(sender.receiver)
        pump.withAgent(2) { agent, now in
            agent.node.send(
                Message(to: context, handle: handle, encoding: .pickle, payload: Value.int(1).pickled()), at: now)
        }
        let waiting = pump.begin("collected", on: 1, [sender])
        pump.run()
        pump.kill(2)
        pump.run()
        let message = "mitogen.core.ChannelError: the respondent Context has disconnected"
        #expect(pump.outcomes[waiting]?.failure?.message == message)
    }

    @Test func `an item that cannot be read fails its reader and nobody else`() throws {
        var pump = Pump(children: 1)
        let sender = pump.call("collect", on: 1)?.value ?? .none
        let (context, handle) = try #require(sender.receiver)
        pump.withAgent(0) { agent, now in
            agent.node.send(Message(to: context, handle: handle, encoding: .pickle, payload: [1, 2, 3]), at: now)
        }
        #expect(pump.call("collected", on: 1, [sender])?.failure?.message.hasPrefix("mitogen.core.StreamError") == true)
        #expect(pump.call("echo", on: 1, [1]) == .value(1))
    }

    @Test func `a receiver is gone once it was drained`() {
        var pump = Pump(children: 1)
        let sender = pump.call("collect", on: 1)?.value ?? .none
        _ = pump.call("tail", on: 1, [1, sender])
        #expect(pump.call("collected", on: 1, [sender]) == .value(.list([0])))
        #expect(pump.agents[1].node.openHandles == [])
        #expect(pump.call("collected", on: 1, [sender])?.failure?.message.contains("no receiver") == true)
    }

    @Test func `a function that fails leaves no receiver behind`() {
        let steps: [Step] = [.open, .fail(FunctionError(type: "demo.No", message: "no"))]
        var pump = Pump(children: 1, functions: [ValueFunction("demo.open") { _, _ in steps }])
        #expect(pump.call("demo.open", on: 1)?.failure != nil)
        #expect(pump.agents[1].node.openHandles == [])
    }

    @Test func `the number of open receivers has a limit`() {
        let steps = [Step](repeating: .open, count: 1001)
        var pump = Pump(children: 1, functions: [ValueFunction("demo.greedy") { _, _ in steps }])
        #expect(pump.call("demo.greedy", on: 1)?.failure?.message.hasPrefix("mitoscope.QueueFull") == true)
        #expect(pump.agents[1].node.openHandles == [])
    }

    @Test func `a receiver of the program is not a function's to drain`() {
        var pump = Pump(children: 1)
        let handle = pump.withAgent(1) { agent, now in agent.node.openReceiver(at: now) }
        #expect(pump.call("collected", on: 1, [.sender(ContextID(1), handle)])?.failure?.kind == .call)
        #expect(pump.agents[1].node.openHandles == [handle])
    }

    @Test func `another context's sender cannot be drained here`() {
        var pump = Pump(children: 2)
        let sender = pump.call("collect", on: 1)?.value ?? .none
        #expect(pump.call("collected", on: 2, [sender])?.failure?.kind == .call)
    }
}

extension Pump {
    /// What functions of an agent waited for since the last look.
    mutating func waits(of index: Int) -> [String] {
        withAgent(index) { agent, _ in agent.node.takeEvents() }.filter { $0.kind == .waiterParked }.map(\.text)
    }
}

extension Value {
    /// Where a sender sends to.
    fileprivate var receiver: (ContextID, Handle)? {
        guard case .sender(let context, let handle) = self else { return nil }
        return (context, handle)
    }
}

extension Outcome {
    var value: Value? {
        guard case .value(let value) = self else { return nil }
        return value
    }
}
