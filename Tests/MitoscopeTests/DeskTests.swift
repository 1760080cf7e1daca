import MitoCore
import Mitoscope
import Synchronization
import Testing

@Suite struct DeskTests {
    @Test func `everyone who waits is told when the world ends`() {
        let told = Told()
        var pump = Pump(children: 2)
        pump.perform(.call(CallRequest("hang", on: ContextID(1))), as: 1, told)
        pump.perform(.end(ContextID(2)), as: 2, told)
        pump.perform(.connect(ConnectRequest()), as: 3, told)
        pump.perform(.shutdown, as: 4, told)
        pump.run()
        #expect(Set(told.ids) == [1, 2, 3, 4] && told.ids.count == 4)
        #expect(told.ids.last == 4)
        #expect(pump.desks[0].count == 0)
    }

    @Test func `a context that comes up after its connect was given up is ended`() {
        let told = Told()
        var pump = Pump()
        pump.perform(.connect(ConnectRequest(name: "web")), as: 1, told)
        pump.cancel(1)
        #expect(told.codes == [.cancelled])
        pump.run()
        #expect(pump.lost == [ContextID(1)])
        #expect(told.ids == [1])
    }

    @Test func `one of two who wait for a loss may give up without the other`() {
        let told = Told()
        var pump = Pump(children: 1)
        pump.perform(.end(ContextID(1)), as: 1, told)
        pump.perform(.end(ContextID(1)), as: 2, told)
        pump.cancel(1)
        pump.run()
        #expect(told.ids == [1, 2])
        #expect(told.codes == [.cancelled, nil])
    }

    @Test func `a command after the end fails at once`() {
        let told = Told()
        var pump = Pump()
        pump.perform(.shutdown, as: 1, told)
        pump.run()
        pump.perform(.connect(ConnectRequest()), as: 2, told)
        pump.perform(.shutdown, as: 3, told)
        #expect(told.codes == [nil, .shutdown, nil])
    }

    @Test func `a desk tells what its program waits for, but not what is about to be told`() throws {
        let told = Told()
        var pump = Pump(children: 1)
        pump.perform(.call(CallRequest("hang", on: ContextID(1))), as: 1, told)
        pump.perform(.shutdown, as: 2, told)
        let waits = pump.desks[0].waits()
        #expect(waits.count == 2 && waits.last == .exit)
        guard case .call(let call, "hang", on: ContextID(1)) = try #require(waits.first) else {
            Issue.record("\(waits)")
            return
        }
        var agent = pump.agents[0]
        agent.node.cancel(call, at: .start)
        var deeds: [Agent.Deed] = []
        while let deed = agent.poll(at: .start) { deeds.append(deed) }
        #expect(pump.desks[0].waits(beside: deeds) == [.exit] && pump.desks[0].waits() == waits)
    }

    @Test func `giving up what is not known does nothing`() {
        var pump = Pump()
        pump.cancel(7)
        pump.run()
        #expect(pump.desks[0].count == 0)
    }

    @Test func `the program's own calls are not taken for commands`() {
        var pump = Pump(children: 1)
        #expect(pump.call("echo", on: 1, [1]) == .value(1))
    }
}

/// How commands ended, in order; a code of nil is a value.
private final class Told: Sendable {
    private let entries = Mutex<[(id: UInt64, code: MitoscopeError.Code?)]>([])

    var ids: [UInt64] { entries.withLock { $0.map(\.id) } }
    var codes: [MitoscopeError.Code?] { entries.withLock { $0.map(\.code) } }

    func hear(_ id: UInt64, _ result: Result<Value, MitoscopeError>) {
        var code: MitoscopeError.Code?
        if case .failure(let error) = result { code = error.code }
        entries.withLock { [code] in $0.append((id, code)) }
    }
}

extension Pump {
    fileprivate mutating func perform(_ command: Command, as id: UInt64, _ told: Told) {
        perform(command, as: CommandID(id)) { told.hear(id, $0) }
    }

    fileprivate mutating func cancel(_ id: UInt64) { cancel(CommandID(id)) }
}
