import MitoCore
import MitoLinks
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

@Suite struct SimulationTests {
    @Test func `a call travels down the tree and its answer back, as long as the links take`() {
        let grove = Grove(link: LinkModel(delay: .constant(.milliseconds(5))))
        let db = grove.growChain(["bastion", "rack", "db"])[2]
        let began = grove.simulation.now
        #expect(grove.call("echo", on: db, [42]) == .value(.int(42)))
        #expect(grove.simulation.now - began == .milliseconds(30))
    }

    @Test func `each way of a link has its own delay`() {
        let link = LinkModel(
            up: .init(delay: .constant(.milliseconds(40))), down: .init(delay: .constant(.milliseconds(2))))
        let grove = Grove(links: ["far": link])
        let far = grove.grow("far")
        let began = grove.simulation.now
        grove.call("echo", on: far)
        #expect(grove.simulation.now - began == .milliseconds(42))
    }

    @Test func `there is no context before its handshake`() {
        let grove = Grove()
        let request = grove.simulation.withAgent(.master) { $0.node.connect(ConnectRequest(name: "web"), at: $1) }
        while grove.simulation.contexts == [.master], grove.simulation.step() {}
        // The start (1 ms), the child's hello up, the preamble down.
        #expect(request != nil && grove.simulation.now == .start + .milliseconds(11))
        grove.run()
        #expect(grove.simulation.contexts.count == 2)
        #expect(grove.records.count { $0.event.kind == .linkUp } == 1)
    }

    @Test(arguments: [1, 2, 3])
    func `every frame that a link moved went through a decoder`(seed: UInt64) {
        let grove = Grove(seed: seed)
        let chain = grove.growChain(["a", "b", "c", "d"])
        for target in chain { grove.call("echo", on: target, [.bytes([UInt8](repeating: 7, count: 3_000))]) }
        grove.run()
        let framesIn = grove.records.count { $0.event.kind == .frameIn }
        #expect(framesIn > 40)
        #expect(grove.simulation.framesMoved == UInt64(framesIn))
    }

    @Test func `a sleeping function wakes when its time has come`() {
        let grove = Grove()
        let web = grove.grow("web")
        let began = grove.simulation.now
        #expect(grove.call("sleep", on: web, ["5s"]) != nil)
        #expect(grove.simulation.now - began == .seconds(5) + .milliseconds(10))
    }

    @Test func `a blocked thread holds up the next function, and nothing else`() {
        let grove = Grove()
        let chain = grove.growChain(["relay", "web"])
        grove.begin("block", on: chain[0], ["1s"])
        let began = grove.simulation.now
        grove.call("echo", on: chain[1])
        #expect(grove.simulation.now - began == .milliseconds(20))
        grove.call("echo", on: chain[0])
        #expect(grove.simulation.now - began == .seconds(1) + .milliseconds(10))
    }

    @Test func `a token comes back at its time`() {
        let simulation = Grove().simulation
        var seen: [(UInt64, Instant)] = []
        simulation.onToken = { [unowned simulation] in seen.append(($0, simulation.now)) }
        simulation.schedule(at: .start + .seconds(2), token: 2)
        simulation.schedule(at: .start + .seconds(1), token: 1)
        #expect(simulation.run() == .quiescent)
        #expect(seen.map(\.0) == [1, 2])
        #expect(seen.map(\.1) == [.start + .seconds(1), .start + .seconds(2)])
    }

    @Test func `a run to a moment ends there, before what comes later`() {
        let simulation = Grove().simulation
        simulation.schedule(at: .start + .seconds(2), token: 2)
        #expect(simulation.run(until: .start + .seconds(1)) == .reached)
        #expect(simulation.now == .start + .seconds(1) && simulation.step())
    }

    @Test func `a callback may command, and what follows is told in order`() {
        let grove = Grove()
        let web = grove.grow("web")
        let simulation = grove.simulation
        simulation.onToken = { [unowned grove] _ in grove.begin("echo", on: web, [1], tag: "late") }
        simulation.schedule(at: simulation.now + .seconds(1), token: 1)
        grove.run()
        #expect(grove.records.contains { $0.event.kind == .callEnded && $0.event.tag == "late" })
        #expect(grove.records.map(\.index) == Array(1...UInt64(grove.records.count)))
    }

    @Test func `events that follow each other without time going on are a livelock`() {
        let grove = Grove(link: LinkModel(), eventsPerInstantMax: 10_000)
        let web = grove.grow("web")
        let simulation = grove.simulation
        simulation.onToken = { [unowned simulation] in simulation.schedule(at: simulation.now, token: $0) }
        simulation.schedule(at: simulation.now + .seconds(1), token: 1)
        let began = simulation.now
        #expect(grove.run() == .livelocked(at: began + .seconds(1)))
        #expect(simulation.isLivelocked && !simulation.step())
        #expect(grove.call("echo", on: web) == nil)
    }
}
