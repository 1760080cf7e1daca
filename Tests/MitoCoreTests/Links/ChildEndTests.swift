import MitoCore
import Testing

struct ChildEndTests {
    @Test func `whoever waits for a crashed child is told how it ended`() {
        var family = Family.pair()
        #expect(family.failure(ofCallTo: 1, losing: 1, Self.crash) == "\(Self.lost): \(Self.story)")
    }

    @Test func `a loss of which nothing is known has the original's words alone`() {
        var family = Family.pair()
        #expect(family.failure(ofCallTo: 1, losing: 1, nil) == Self.lost)
    }

    @Test func `relays of our own pass the reason on, up and down`() {
        var family = Family.tree(Build(version: "1", functions: []))
        let sideways = family.at(3) { $0.call(CallRequest("f", on: ContextID(2)), at: $1) }
        #expect(
            family.failure(ofCallTo: 2, losing: 2, Self.crash)?.hasPrefix("\(Self.lost): context 2 (leaf) ended")
                == true)
        guard case .failed(let failure)? = family.outcome(of: sideways, at: 3) else { Issue.record("no end"); return }
        #expect(failure.message.hasPrefix("\(Self.lost): context 2 (leaf) ended"))
    }

    @Test func `nobody else is told more than the id`() {
        var family = Family.tree(nil)
        #expect(family.failure(ofCallTo: 2, losing: 2, Self.crash) == Self.lost)
        let handles = family.events.filter { $0.event.kind == .frameOut }.map(\.event.handle)
        #expect(handles.contains(.delRoute) && !handles.contains(.lossReason))
    }

    @Test func `the log is told once`() {
        var family = Family.pair()
        family.lose(1, Self.crash)
        #expect(family.reports.filter { $0.contains("ended: signal 11") } == [Self.story])
    }

    @Test func `a child that was asked to end owes no explanation`() {
        var family = Family.pair()
        family.run = { _ in nil }
        let call = family.at(0) { $0.call(CallRequest("f", on: ContextID(1)), at: $1) }
        family.ask(0) { $0.shutdown(ContextID(1), at: $1) }
        family.lose(1, ChildEnd(status: "signal 15 (SIGTERM)"))
        guard case .failed(let failure)? = family.outcome(of: call, at: 0) else { Issue.record("no end"); return }
        #expect(failure.message == Self.lost && !family.reports.contains { $0.contains("ended") })
    }

    @Test func `a child that dies while starting is explained by its stderr and its status too`() {
        var boot = HandBoot()
        boot.say("Welcome\n")
        boot.hangUp(Self.crash)
        let lines = "EOF on stream; last 100 lines received:\nWelcome\none\ntwo\nsignal 11 (SIGSEGV)"
        #expect(boot.connected == [.failure(StreamError(lines))])
    }

    @Test func `a long farewell is cut`() {
        var end = ChildEnd(status: "exit 1")
        end.lastLines = [String](repeating: String(repeating: "x", count: 1000), count: 100)
        var family = Family.pair()
        #expect(family.failure(ofCallTo: 1, losing: 1, end)?.utf8.count ?? 0 < 10_000)
    }

    @Test(arguments: ["", "2", "two:why", "99999999999:why", "2:"])
    func `a hostile reason is overlooked`(text: String) {
        var family = Family.tree(Build(version: "1", functions: []))
        family.inject(Message(to: .master, from: ContextID(1), handle: .lossReason, payload: Array(text.utf8)), from: 1)
        #expect(family.failure(ofCallTo: 2, losing: 2, nil) == Self.lost)
    }

    private static let crash: ChildEnd = {
        var end = ChildEnd(status: "signal 11 (SIGSEGV)")
        end.function = "demo.index"
        end.lastLines = ["one", "two"]
        return end
    }()
    private static let story =
        "context 1 (child) ended: signal 11 (SIGSEGV) while it ran demo.index; its last lines:\none\ntwo"
    private static let lost = "the respondent Context has disconnected"
}

extension Family {
    /// A root, a relay (1) with a leaf (2) below it, and a neighbour of the leaf (3), all of one build.
    fileprivate static func tree(_ build: Build?) -> Family {
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        var family = Family(configuration)
        family.at(0) { node, _ in node.build = build }
        family.build = build
        family.run = { _ in nil }
        family.add("relay")
        family.add("leaf", below: 1)
        family.add("neighbour", below: 1)
        return family
    }

    /// What the caller of a function in `context` hears when a node is lost.
    fileprivate mutating func failure(ofCallTo context: UInt32, losing node: Int, _ end: ChildEnd?) -> String? {
        run = { _ in nil }
        let call = at(0) { $0.call(CallRequest("f", on: ContextID(context)), at: $1) }
        lose(node, end)
        guard case .failed(let failure)? = outcome(of: call, at: 0) else { return nil }
        return failure.message
    }

    fileprivate var reports: [String] {
        orders.compactMap { if case .log(let record, _) = $0.order { record.message } else { nil } }
    }
}
