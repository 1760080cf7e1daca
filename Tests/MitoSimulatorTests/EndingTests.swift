import MitoCore
import MitoLinks
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

@Suite struct EndingTests {
    @Test func `a killed target wakes its caller as soon as its parent sees the end of the stream`() throws {
        let grove = Grove()
        let chain = grove.growChain(["bastion", "rack", "db"])
        let call = try #require(grove.begin("hang", on: chain[2]))
        grove.run(for: .seconds(1))
        let killed = grove.simulation.now
        #expect(grove.simulation.kill(chain[2]))
        while grove.outcome(of: call) == nil, grove.simulation.step() {}
        guard case .failed(let failure) = try #require(grove.outcome(of: call)) else { Issue.record("a value"); return }
        #expect(failure.kind == .channel)
        #expect(grove.simulation.now - killed == .milliseconds(15))
    }

    @Test func `killing a relay ends all that is below it`() throws {
        let grove = Grove()
        let chain = grove.growChain(["bastion", "rack", "db"])
        let call = try #require(grove.begin("hang", on: chain[2]))
        grove.run(for: .seconds(1))
        grove.simulation.kill(chain[0])
        grove.run()
        #expect(grove.simulation.contexts == [.master])
        #expect(grove.outcome(of: call) != nil)
    }

    @Test(.enabled(if: Node.defects.contains("swallow-del-route")))
    func `a planted defect in one context leaves a caller waiting in a world at rest`() throws {
        let grove = Grove(defects: ["bastion": "swallow-del-route"])
        let chain = grove.growChain(["bastion", "rack", "db"])
        let call = try #require(grove.begin("hang", on: chain[2]))
        grove.run(for: .seconds(1))
        grove.simulation.kill(chain[2])
        #expect(grove.run() == .quiescent)
        #expect(grove.outcome(of: call) == nil)
        #expect(grove.simulation.contexts == [.master, chain[0], chain[1]])
    }

    @Test func `the parent learns how a child ended`() {
        let grove = Grove()
        let (web, db) = (grove.grow("web"), grove.grow("db"))
        grove.simulation.kill(web)
        grove.simulation.withAgent(.master) { $0.node.shutdown(db, at: $1) }
        grove.run()
        let exits = grove.records.filter { $0.event.kind == .childExited }
        #expect(exits.map(\.event.subject) == [web, db])
        #expect(exits.map(\.event.text) == ["signal 9", "exit 0"])
    }

    @Test func `what was sent before a crash still arrives`() throws {
        let grove = Grove(link: LinkModel(delay: .constant(.milliseconds(100))))
        let web = grove.grow("web")
        let call = try #require(grove.begin("echo", on: web, [1]))
        grove.run(for: .milliseconds(101))
        grove.simulation.kill(web)
        grove.run()
        #expect(grove.outcome(of: call) == .value(.int(1)))
    }

    @Test func `the dead cannot be killed, commanded or called`() {
        let grove = Grove()
        let web = grove.grow("web")
        grove.simulation.kill(web)
        #expect(!grove.simulation.kill(web) && !grove.simulation.kill(ContextID(99)))
        #expect(grove.simulation.withAgent(web) { _, _ in 1 } == nil)
        grove.run()
        guard case .failed? = grove.call("echo", on: web) else { Issue.record("an answer from the dead"); return }
    }

    @Test func `a crash takes back what a process was waiting for`() {
        let grove = Grove()
        let web = grove.grow("web")
        grove.begin("sleep", on: web, ["1h"])
        grove.run(for: .seconds(1))
        grove.simulation.kill(web)
        grove.run()
        #expect(grove.simulation.now < .start + .seconds(2))
    }

    @Test func `a root that shuts down ends the whole tree in order`() {
        let grove = Grove()
        grove.growChain(["bastion", "rack", "db"])
        grove.simulation.withAgent(.master) { $0.node.shutdown(at: $1) }
        #expect(grove.run() == .quiescent)
        #expect(grove.simulation.contexts.isEmpty)
        #expect(grove.records.count { $0.event.kind == .contextDown } == 4)
    }
}
