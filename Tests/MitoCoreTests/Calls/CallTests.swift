import MitoCore
import Testing

struct CallTests {
    @Test func `a call comes back with its value`() {
        var family = Family.pair()
        #expect(family.call("echo", to: 1, 5) == .value(5))
    }

    @Test func `a failing function fails its caller with type and message`() {
        var family = Family.pair()
        family.run = { _ in .failure(FunctionError(type: "demo.Broken", message: "no luck")) }
        #expect(family.call("f", to: 1) == .failed(Failure(.call, "demo.Broken: no luck", reason: .callError)))
    }

    @Test func `functions run one after another in the order of arrival`() {
        var family = Family.pair()
        family.run = { _ in nil }
        let first = family.at(0) { $0.call(CallRequest("first", on: ContextID(1)), at: $1) }
        _ = family.at(0) { $0.call(CallRequest("second", on: ContextID(1)), at: $1) }
        #expect(family.started == ["first"])
        family.at(1) { $0.finished(InvocationID(1), .success(7), at: $1) }
        #expect(family.started == ["first", "second"])
        #expect(family.outcome(of: first, at: 0) == .value(7))
    }

    @Test func `a call to a context that never existed fails at once`() {
        var family = Family.pair()
        #expect(
            family.call("echo", to: 77)
                == .failed(
                    Failure(.channel, "no route to 77, my ID is 0", reason: .remoteDead)))
    }

    @Test func `a call to a vanished context fails at once`() {
        var family = Family.pair()
        family.run = { _ in nil }
        let call = family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) }
        family.lose(1)
        #expect(
            family.outcome(of: call, at: 0)
                == .failed(
                    Failure(.channel, "the respondent Context has disconnected", reason: .respondentLost)))
    }

    @Test func `a call that is not answered in time times out once and a late reply is dropped`() {
        var family = Family.pair()
        family.run = { _ in nil }
        var request = CallRequest("f", on: ContextID(1))
        request.timeout = .seconds(1)
        let call = family.at(0) { [request] node, now in node.call(request, at: now) }
        #expect(family.nodes[0].deadline == Instant(nanoseconds: 1_000_000_000))
        family.now = Instant(nanoseconds: 1_000_000_000)
        family.at(0) { $0.expired(at: $1) }
        guard case .failed(let failure) = family.outcome(of: call, at: 0) else { Issue.record("no failure"); return }
        #expect(failure.kind == .timeout)
        family.at(1) { $0.finished(InvocationID(1), .success(7), at: $1) }
        #expect(family.events.contains { $0.event.kind == .dropped && $0.event.reason == .invalidHandle })
        #expect(family.nodes[0].openHandles.isEmpty)
    }

    @Test func `a call that was answered in time leaves no timer`() {
        var family = Family.pair()
        var request = CallRequest("echo", on: ContextID(1))
        request.timeout = .seconds(1)
        let call = family.at(0) { [request] node, now in node.call(request, at: now) }
        #expect(family.outcome(of: call, at: 0) == .value(.none))
        #expect(family.nodes[0].deadline == nil)
        #expect(family.events.contains { $0.event.kind == .timerCancelled && $0.event.handle == call.handle })
    }

    @Test func `a cancelled call ends at once`() {
        var family = Family.pair()
        family.run = { _ in nil }
        let call = family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) }
        family.at(0) { $0.cancel(call, at: $1) }
        guard case .failed(let failure) = family.outcome(of: call, at: 0) else { Issue.record("no failure"); return }
        #expect(failure.kind == .cancelled)
    }

    @Test func `after the first failure of a chain its later calls fail alike without running`() {
        var family = Family.pair()
        family.run = { .failure(FunctionError(type: "demo.Broken", message: $0.function)) }
        var outcomes: [Outcome?] = []
        for name in ["first", "second"] {
            var request = CallRequest(name, on: ContextID(1))
            request.chain = "chain"
            let call = family.at(0) { [request] node, now in node.call(request, at: now) }
            outcomes.append(family.outcome(of: call, at: 0))
        }
        #expect(outcomes[0] == outcomes[1])
        #expect(family.started == ["first"])
    }

    @Test func `a call of a failed chain is due to the frame that brought it`() {
        var family = Family.pair()
        family.run = { _ in .failure(FunctionError(type: "demo.Broken", message: "")) }
        for _ in 0..<2 {
            var request = CallRequest("f", on: ContextID(1))
            request.chain = "chain"
            _ = family.at(0) { [request] node, now in node.call(request, at: now) }
        }
        let child = family.events.filter { $0.node == 1 }.map(\.event)
        let ended = child.last { $0.kind == .invocationEnded }
        #expect(child.first { $0.step == ended?.cause }?.kind == .frameIn)
        #expect(child.last { $0.kind == .frameOut }?.cause == ended?.step)
    }

    @Test func `a chain is forgotten in its turn, after the calls that came before`() {
        var family = Family.pair()
        family.run = { _ in nil }
        for name in ["slow", "behind", "mitogen.core.Dispatcher.forget_chain", "next"] {
            var request = CallRequest(name, on: ContextID(1), name.hasPrefix("mitogen") ? ["chain"] : [])
            if request.arguments.isEmpty { request.chain = "chain" }
            _ = family.at(0) { [request] node, now in node.call(request, at: now) }
        }
        #expect(family.started == ["slow"])
        let failure = FunctionError(type: "demo.Broken", message: "")
        family.at(1) { $0.finished(InvocationID(1), .failure(failure), at: $1) }
        #expect(family.started == ["slow", "next"])
    }

    @Test func `a chain that was reset runs again`() {
        var family = Family.pair()
        family.run = { _ in .failure(FunctionError(type: "demo.Broken", message: "")) }
        for name in ["first", "mitogen.core.Dispatcher.forget_chain", "second"] {
            var request = CallRequest(name, on: ContextID(1), name == "first" || name == "second" ? [] : ["chain"])
            if request.arguments.isEmpty { request.chain = "chain" }
            _ = family.at(0) { [request] node, now in node.call(request, at: now) }
        }
        #expect(family.started == ["first", "second"])
    }

    @Test func `a no-reply call completes with none and its failure is logged`() {
        var family = Family.pair()
        family.run = { _ in .failure(FunctionError(type: "demo.Broken", message: "quietly")) }
        var request = CallRequest("f", on: ContextID(1))
        request.isNoReply = true
        let call = family.at(0) { [request] node, now in node.call(request, at: now) }
        #expect(family.outcome(of: call, at: 0) == .value(.none))
        #expect(family.logs == ["No-reply function call failed: demo.Broken: quietly"])
    }

    @Test(arguments: [0, 1])
    func `a record below the level of the tree's log goes nowhere, from a child and from the root`(node: Int) {
        var configuration = Node.Configuration.traced
        configuration.logLevel = 30
        var family = Family.pair(configuration)
        for level in [20, 30] {
            family.at(node) { $0.log(LogRecord(logger: "demo", level: level, message: "\(level)"), at: $1) }
        }
        #expect(family.logs == ["30"])
    }

    @Test func `an answer from anybody but the context called is refused`() {
        var family = Family.pair()
        family.add("other")
        family.run = { _ in nil }
        let call = family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) }
        family.at(2) {
            $0.send(
                Message(to: .master, handle: call.handle, encoding: .pickle, payload: Value.int(1).pickled()), at: $1)
        }
        #expect(family.outcome(of: call, at: 0) == nil)
        #expect(family.events.contains { $0.event.reason == .unexpectedContext })
    }

    @Test(
        arguments: [
            ([0x80, 0x02, 0x4E, 0x2E], "six elements"), ([0x00], "StreamError"), ([], "StreamError"),
        ] as [([UInt8], String)])
    func `a malformed call is answered and the context lives on`(payload: [UInt8], saying: String) {
        var family = Family.pair()
        let handle = family.at(0) { $0.openReceiver(at: $1) }
        family.at(0) {
            $0.send(
                Message(to: ContextID(1), handle: .callFunction, replyTo: handle, encoding: .pickle, payload: payload),
                at: $1)
        }
        guard case .deliver(_, let answer)? = family.orders.last?.order,
            case .failed(let failure) = Outcome(reading: answer)
        else { Issue.record("no answer"); return }
        #expect(failure.message.contains(saying))
        #expect(family.call("echo", to: 1, 5) == .value(5))
    }

    @Test func `a value over the limit is refused at once with the reason`() {
        var configuration = Node.Configuration.traced
        configuration.messageBytesMax = 4096
        var family = Family.pair(configuration)
        let long = Value.bytes([UInt8](repeating: 1, count: 8192))
        #expect(
            family.call("echo", to: 1, long)
                == .failed(
                    Failure(.channel, "message too large (max 4096 bytes)", reason: .remoteDead)))
    }

    @Test func `a result over the limit reaches its caller as the reason`() {
        var configuration = Node.Configuration.traced
        configuration.messageBytesMax = 4096
        var family = Family.pair(configuration)
        family.run = { _ in .success(.bytes([UInt8](repeating: 1, count: 8192))) }
        #expect(
            family.call("f", to: 1)
                == .failed(
                    Failure(.channel, "message too large (max 4096 bytes)", reason: .remoteDead)))
    }
}

extension Family {
    var started: [String] {
        orders.compactMap { if case .run(let invocation) = $0.order { invocation.function } else { nil } }
    }

    var logs: [String] {
        orders.compactMap { if case .log(let record, _) = $0.order { record.message } else { nil } }
    }
}

extension Outcome {
    init(reading message: Message) { self = Outcome.reading(message) }

    static func reading(_ message: Message) -> Outcome {
        if message.isDead { return .failed(Failure(.channel, String(decoding: message.payload, as: UTF8.self))) }
        guard let value = try? Value(pickled: message.payload) else { return .failed(Failure(.stream, "")) }
        if case .callError(let text) = value { return .failed(Failure(.call, text)) }
        return .value(value)
    }
}
