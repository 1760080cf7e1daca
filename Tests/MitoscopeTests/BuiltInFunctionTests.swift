import MitoCore
import Mitoscope
import Testing

@Suite struct BuiltInFunctionTests {
    @Test(
        arguments: [
            ([], Value.none), ([1], 1), (["a", .float(2.5)], .tuple(["a", .float(2.5)])), ([.none], .none),
            ([.list([1])], .list([1])),
        ] as [([Value], Value)])
    func `echo returns its argument, and several as a tuple`(_ given: [Value], _ expected: Value) {
        var pump = Pump(children: 1)
        #expect(pump.call("echo", on: 1, given) == .value(expected))
    }

    @Test func `echo returns keywords as a dict behind the arguments`() {
        var pump = Pump(children: 1)
        let keywords = [Value.Pair("a", 1), Value.Pair("b", 2)]
        #expect(pump.call("echo", on: 1, keywords: keywords) == .value(.dict(keywords)))
        #expect(pump.call("echo", on: 1, [0], keywords: keywords) == .value(.tuple([0, .dict(keywords)])))
    }

    @Test(
        arguments: [([], 0), ([1, 2, 3], 6), ([1, .float(2.5)], .float(3.5)), ([.float(0.5), 1], .float(1.5))]
            as [([Value], Value)])
    func `add returns the sum`(_ numbers: [Value], _ sum: Value) {
        var pump = Pump(children: 1)
        #expect(pump.call("add", on: 1, numbers) == .value(sum))
    }

    @Test func `a sum that does not fit is an error`() {
        var pump = Pump(children: 1)
        let outcome = pump.call("add", on: 1, [.int(.max), 1])
        #expect(outcome?.failure?.message == "mitoscope.OverflowError: the sum does not fit into 64 bits")
    }

    @Test func `add refuses what is no number`() {
        var pump = Pump(children: 1)
        #expect(pump.call("add", on: 1, [1, "a"])?.failure?.message.hasPrefix("mitoscope.ArgumentError") == true)
    }

    @Test func `return returns what it was given`() {
        var pump = Pump(children: 1)
        #expect(pump.call("return", on: 1, [.dict([.init("a", .none)])]) == .value(.dict([.init("a", .none)])))
    }

    @Test func `fail carries its message and type`() {
        var pump = Pump(children: 1)
        #expect(pump.call("fail", on: 1, ["no luck"])?.failure?.message == "mitoscope.Failed: no luck")
        #expect(pump.call("fail", on: 1, ["no", "demo.No"])?.failure?.message == "demo.No: no")
    }

    @Test func `whoami tells id and name`() {
        var pump = Pump(children: 2)
        #expect(pump.call("whoami", on: 2) == .value(.dict([.init("id", 2), .init("name", "child2")])))
    }

    @Test(
        arguments: [
            ("sleep", [], [], "sleep needs 'duration'"),
            ("sleep", ["1s", 2], [], "sleep takes at most 1 arguments, not 2"),
            ("sleep", ["1s"], ["duration"], "sleep was given 'duration' twice"),
            ("hang", [], ["how"], "hang has no argument 'how'"),
            ("sleep", [-1], [], "sleep wants a duration such as 5s as 'duration', not -1"),
            ("tail", [-1, .sender(.master, .firstDynamic)], [], "tail wants a count as 'count', not -1"),
            ("tail", [1, 2], [], "tail wants a sender as 'sender', not 2"),
            ("relay", [1], [], "a relayed call is a context or its id, a function's name, then the arguments"),
            (
                "relay", [-1, "echo"], [],
                "a relayed call is a context or its id, a function's name, then the arguments"
            ),
        ] as [(String, [Value], [String], String)])
    func `arguments that do not fit are named`(
        _ function: String, _ arguments: [Value], _ keywords: [String], _ message: String
    ) {
        var pump = Pump(children: 1)
        let pairs = keywords.map { Value.Pair(.text($0), 1) }
        let failure = pump.call(function, on: 1, arguments, keywords: pairs)?.failure
        #expect(failure?.message == "mitoscope.ArgumentError: \(message)")
    }

    @Test(
        arguments: [("5s", 5_000_000_000), (2, 2_000_000_000), (.float(0.25), 250_000_000), ("1m30s", 90_000_000_000)]
            as [(Value, Int64)])
    func `a duration is seconds or text with units`(_ given: Value, _ nanoseconds: Int64) {
        var pump = Pump(children: 1)
        let began = pump.now
        #expect(pump.call("sleep", on: 1, [given]) == .value(.none))
        #expect(pump.now - began == .nanoseconds(nanoseconds))
    }
}
