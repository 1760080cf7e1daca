import MitoCore
import MitoLinks
import Testing

@Suite struct LinkOptionTests {
    @Test(arguments: [
        LinkModel(),
        LinkModel(
            up: .init(delay: .uniform(.milliseconds(1), .milliseconds(2)), bandwidth: 1_000_000),
            down: .init(
                delay: .normal(mean: .seconds(1), deviation: .milliseconds(1), floor: .zero),
                loss: Loss(Ratio(1, 7), burst: .init(enter: Ratio(1, 9), leave: Ratio(1, 2))), queue: 5)),
        LinkModel(.init(delay: .exponential(mean: .seconds(1), floor: .microseconds(3)), loss: Loss(Ratio(1, 2)))),
    ])
    func `a model travels as a value and in a preamble`(model: LinkModel) throws {
        let option = LinkOption(model, seed: .max)
        #expect(LinkOption(option.value) == option)
        var preamble = Preamble(contextID: ContextID(1), parentIDs: [.master], name: "web")
        preamble.extras = [Value.Pair("mitoscope_link", option.value)]
        #expect(LinkOption(in: try Preamble(preamble.text()).extras) == option)
    }

    @Test(
        arguments: [
            "bandwidth": .int(0), "bandwidth": .int(-1), "queue": .int(-1), "queue": .none, "delay": "soon",
            "delay": .list(["constant"]), "delay": .list([]), "loss": .list([.list([.int(2), .int(1)]), .int(1)]),
            "loss": .list([.list([.int(1), .int(0)]), .int(1)]), "loss": .none,
        ] as KeyValuePairs<String, Value>)
    func `a value that is no model is refused`(wrong: (key: String, value: Value)) {
        guard case .dict(var pairs) = LinkOption(LinkModel(), seed: 1).value,
            case .dict(let way)? = pairs.first(where: { $0.key == "up" })?.value
        else { return #expect(Bool(false)) }
        let spoilt = way.filter { $0.key != .text(Text(wrong.key)) } + [Value.Pair(.text(Text(wrong.key)), wrong.value)]
        pairs.removeAll { $0.key == "up" }
        #expect(LinkOption(.dict(pairs)) == nil)
        pairs.append(Value.Pair("up", .dict(spoilt)))
        #expect(LinkOption(.dict(pairs)) == nil)
        #expect(LinkOption(in: []) == nil)
    }
}
