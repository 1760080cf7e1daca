import MitoCore
import Mitoscope
import Testing

@Suite struct NestedCallTests {
    @Test func `a relay returns what the other context returns`() {
        var pump = Pump(children: 2)
        #expect(pump.call("relay", on: 1, [2, "add", 40, 2]) == .value(42))
    }

    @Test func `relays can be nested`() {
        var pump = Pump(children: 3)
        #expect(pump.call("relay", on: 1, [2, "relay", 3, "whoami"]) == pump.call("whoami", on: 3))
    }

    @Test func `a relay passes keywords on`() {
        var pump = Pump(children: 2)
        let keywords = [Value.Pair("message", "no"), Value.Pair("type", "demo.No")]
        let outcome = pump.call("relay", on: 1, [2, "fail"], keywords: keywords)
        #expect(outcome?.failure?.message.contains("demo.No: no") == true)
    }

    @Test func `a failure over there fails the function here`() {
        var pump = Pump(children: 2)
        let outcome = pump.call("relay", on: 1, [2, "fail", "no luck"])
        #expect(outcome?.failure?.message == "mitogen.core.CallError: mitoscope.Failed: no luck")
    }

    @Test func `losing the other context fails the function here`() {
        var pump = Pump(children: 2)
        let call = pump.begin("relay", on: 1, [2, "hang"])
        pump.run()
        pump.kill(2)
        pump.run()
        #expect(pump.outcomes[call]?.failure?.message.hasPrefix("mitogen.core.ChannelError: ") == true)
    }

    @Test func `a step's own deadline ends its call`() {
        var request = CallRequest("hang", on: ContextID(2))
        request.timeout = .seconds(3)
        let steps: [Step] = [.call(request)]
        let impatient = ValueFunction("demo.impatient") { _, _ in steps }
        var pump = Pump(children: 2, functions: BuiltInFunctions.all + [impatient])
        #expect(pump.call("demo.impatient", on: 1)?.failure?.message.hasPrefix("mitogen.core.TimeoutError") == true)
    }

    @Test func `a relay to nowhere fails at once`() {
        var pump = Pump(children: 1)
        let began = pump.now
        #expect(pump.call("relay", on: 1, [99, "echo"])?.failure?.kind == .call)
        #expect(pump.now == began)
    }
}
