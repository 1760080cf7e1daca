import MitoCore
import Mitoscope
import Testing

@Suite struct ScriptedFunctionTests {
    @Test func `every word becomes its step`() throws {
        let words: [(String, Value)] = [
            ("sleep", "5s"), ("block", 1), ("return", 42), ("fail", "no luck"), ("hang", true),
            ("call", .list([3, "echo", 1])),
        ]
        let script = Value.list(words.map { .dict([.init(.text($0), $1)]) })
        #expect(
            try ScriptedFunction("report", script: script).steps == [
                .sleep(.seconds(5)), .block(.seconds(1)), .give(42),
                .fail(FunctionError(type: "mitoscope.Failed", message: "no luck")), .hang,
                .call(CallRequest("echo", on: ContextID(3), [1])),
            ])
    }

    @Test func `fail may name a type`() throws {
        let script = Value.list([.dict([.init("fail", .list(["no", "demo.No"]))])])
        let expected = FunctionError(type: "demo.No", message: "no")
        #expect(try ScriptedFunction("report", script: script).steps == [.fail(expected)])
    }

    @Test(
        arguments: [
            (5, "report: the script is a list of steps"),
            (.list([5]), "report, step 1: a step is one word and its value, not 5"),
            (.list([.dict([])]), "report, step 1: a step is one word and its value, not {}"),
            (.list([.dict([.init("slep", "5s")])]), "report, step 1: there is no step 'slep'; the nearest is 'sleep'"),
            (
                .list([.dict([.init("hang", true)]), .dict([.init("sleep", "5")])]),
                "report, step 2: a duration such as 5s, not '5'"
            ),
            (.list([.dict([.init("hang", false)])]), "report, step 1: 'hang' takes true"),
            (.list([.dict([.init("fail", 5)])]), "report, step 1: 'fail' takes the message, or [message, type]"),
            (
                .list([.dict([.init("fail", .list([]))])]),
                "report, step 1: 'fail' takes the message, or [message, type]"
            ),
            (.list([.dict([.init("call", "echo")])]), "report, step 1: 'call' takes [context, function, arguments…]"),
        ] as [(Value, String)])
    func `a script that is not well written is refused with the reason`(_ script: Value, _ reason: String) {
        let error = #expect(throws: FunctionError.self) { try ScriptedFunction("report", script: script) }
        #expect(error == FunctionError(type: "mitoscope.ScriptError", message: reason))
    }

    @Test func `a child knows its parent's scripts before its first call`() {
        let script = Value.list([.dict([.init("sleep", "5s")]), .dict([.init("return", .float(2.5))])])
        var pump = Pump(children: 0)
        pump.connect(.scripted(.dict([.init("report", script)])))
        #expect(pump.call("report", on: 1) == .value(.float(2.5)))
        #expect(pump.now >= .start + .seconds(5))
    }

    @Test func `a script that is not well written fails its callers`() {
        var pump = Pump(children: 0)
        pump.connect(.scripted(.dict([.init("report", 5)])))
        let message = "mitoscope.ScriptError: report: the script is a list of steps"
        #expect(pump.call("report", on: 1)?.failure?.message == message)
        #expect(pump.call("echo", on: 1, [1]) == .value(1))
    }

    @Test func `a script takes the place of a built in function of its name`() {
        var pump = Pump(children: 0)
        pump.connect(.scripted(.dict([.init("echo", .list([.dict([.init("return", 0)])]))])))
        #expect(pump.call("echo", on: 1, [1]) == .value(0))
    }

    @Test func `scripts that are no dict are told to the log`() {
        var pump = Pump(children: 0)
        pump.connect(.scripted(5))
        #expect(pump.logs.map(\.message).contains { $0.hasPrefix("mitoscope.ScriptError") })
        #expect(pump.call("echo", on: 1, [1]) == .value(1))
    }
}

extension ConnectRequest {
    /// A context with scripted functions.
    static func scripted(_ functions: Value) -> ConnectRequest {
        var request = ConnectRequest(name: "scripted")
        request.options = [.init("functions", functions)]
        return request
    }
}
