import MitoCore
import Mitoscope
import Testing

@Suite struct AgentTests {
    @Test func `the last step with a result gives the function's result`() {
        let steps: [Step] = [.give(1), .sleep(.seconds(1)), .give(2), .sleep(.seconds(1))]
        var pump = Pump(children: 1, functions: [ValueFunction("demo.steps") { _, _ in steps }])
        #expect(pump.call("demo.steps", on: 1) == .value(2))
        #expect(pump.now >= .start + .seconds(2))
    }

    @Test func `a function without steps returns none`() {
        var pump = Pump(children: 1, functions: [ValueFunction("nothing") { _, _ in [] }])
        #expect(pump.call("nothing", on: 1) == .value(.none))
    }

    @Test func `a sleeping function wakes at its time and not before`() {
        var pump = Pump(children: 1)
        let began = pump.now
        let call = pump.begin("sleep", on: 1, ["5s"])
        pump.run(until: began + .seconds(4))
        #expect(pump.outcomes[call] == nil)
        pump.run(until: began + .seconds(5))
        #expect(pump.outcomes[call] == .value(.none))
    }

    @Test func `functions of one context run one after another`() {
        var pump = Pump(children: 1)
        let began = pump.now
        let first = pump.begin("sleep", on: 1, [2])
        let second = pump.begin("sleep", on: 1, [3])
        pump.run(until: began + .seconds(4))
        #expect(pump.outcomes[first] != nil && pump.outcomes[second] == nil)
        pump.run(until: began + .seconds(5))
        #expect(pump.outcomes[second] == .value(.none))
    }

    @Test func `an unknown function's failure names the nearest known one`() {
        var pump = Pump(children: 1)
        let message = "mitoscope.UnknownFunction: no function 'ehco' is registered here; the nearest is 'echo'"
        #expect(pump.call("ehco", on: 1)?.failure == Failure(.call, message, reason: .callError))
    }

    @Test func `a built in function is also known in the module that Python callers name`() {
        var pump = Pump(children: 1)
        #expect(pump.call("mito.echo", on: 1, [7]) == .value(7))
    }

    @Test func `a body that throws fails its call and leaves the context ready for the next`() {
        var pump = Pump(children: 1)
        #expect(
            pump.call("sleep", on: 1, ["5"])?.failure?.message.hasPrefix("mitoscope.ArgumentError: sleep wants") == true
        )
        #expect(pump.call("echo", on: 1, [1]) == .value(1))
    }

    @Test func `blocking is handed to the driver and ends when the driver says so`() {
        var pump = Pump(children: 1)
        let call = pump.begin("block", on: 1, ["3s"])
        pump.settle()
        #expect(pump.blocked.count == 1 && pump.outcomes[call] == nil)
        pump.run()
        #expect(pump.outcomes[call] == .value(.none))
    }

    @Test func `a hung function does not keep its context from ending`() {
        var pump = Pump(children: 1)
        let call = pump.begin("hang", on: 1)
        pump.run()
        #expect(pump.outcomes[call] == nil)
        pump.withAgent(0) { agent, now in agent.node.shutdown(ContextID(1), at: now) }
        pump.run()
        #expect(pump.outcomes[call]?.failure?.kind == .channel)
        #expect(pump.exits == [.shutdown])
    }

    @Test func `nothing is left to wake for after the end`() {
        var pump = Pump(children: 1)
        _ = pump.begin("sleep", on: 1, ["1h"])
        pump.settle()
        #expect(pump.agents[1].deadline != nil)
        pump.withAgent(0) { agent, now in agent.node.shutdown(at: now) }
        pump.run(until: pump.now + .seconds(10))
        #expect(pump.exits.count == 2)
        #expect(pump.agents[1].deadline == nil)
    }

    @Test func `an old wake-up for a blocked thread is ignored`() {
        var pump = Pump(children: 1)
        let call = pump.begin("sleep", on: 1, ["5s"])
        pump.settle()
        pump.withAgent(1) { agent, now in agent.unblocked(InvocationID(1), at: now) }
        pump.settle()
        #expect(pump.outcomes[call] == nil)
    }

    @Test func `a copy that is fed the same facts does the same`() {
        var pump = Pump(children: 2, isTraced: true)
        _ = pump.begin("relay", on: 1, [2, "sleep", "3s"])
        var copy = pump
        pump.run()
        copy.run()
        #expect(pump.now == copy.now)
        #expect(pump.agents.map(\.node.digest) == copy.agents.map(\.node.digest))
    }

    @Test func `what a function waits for stands in the trace`() {
        var pump = Pump(children: 1, isTraced: true)
        _ = pump.call("sleep", on: 1, ["250ms"])
        #expect(pump.waits(of: 1) == ["sleep 250ms"])
        _ = pump.call("block", on: 1, ["250ms"])
        #expect(pump.waits(of: 1) == [])
        _ = pump.begin("hang", on: 1)
        pump.run()
        #expect(pump.waits(of: 1) == ["for ever"])
    }
}

extension Outcome {
    var failure: Failure? {
        guard case .failed(let failure) = self else { return nil }
        return failure
    }
}
