import MitoCore
import MitoLinks
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

/// What the world does to links and processes.
@Suite struct FaultTests {
    @Test func `a link that is cut lets nothing through until it is mended`() {
        let grove = Grove()
        let rack = grove.grow("rack")
        #expect(grove.simulation.perform(.link(rack, .cut(.both))))
        let call = grove.begin("echo", on: rack, [1])
        #expect(grove.run() == .quiescent && grove.result(of: call) == nil)
        let mended = grove.simulation.now
        #expect(grove.simulation.perform(.link(rack, .mend)))
        grove.run()
        #expect(grove.result(of: call) == .value(1))
        #expect(grove.simulation.now - mended == Loss.usualRetransmit + .milliseconds(5))
    }

    @Test func `a link that is cut one way brings what goes the other`() {
        let grove = Grove()
        let rack = grove.grow("rack")
        grove.simulation.perform(.link(rack, .cut(.up)))
        let call = grove.begin("echo", on: rack, [1])
        grove.run()
        #expect(grove.records.contains { $0.context == rack && $0.event.kind == .invocationEnded })
        #expect(grove.result(of: call) == nil)
    }

    @Test func `a link that breaks is seen by both ends`() throws {
        let grove = Grove()
        let chain = grove.growChain(["rack", "web"])
        let call = try #require(grove.begin("hang", on: chain[1]))
        grove.run(for: .seconds(1))
        #expect(grove.simulation.perform(.link(chain[0], .reset)))
        grove.run()
        #expect(grove.failure(of: call)?.kind == .channel)
        #expect(grove.simulation.contexts == [.master])
        #expect(!grove.simulation.perform(.link(chain[0], .mend)), "a stream does not come back")
    }

    @Test func `what is held comes in order when it is released`() {
        let grove = Grove()
        let rack = grove.grow("rack")
        grove.simulation.perform(.link(rack, .hold(.down)))
        let calls = (1...5).map { grove.begin("echo", on: rack, [.int($0)]) }
        grove.pass(.seconds(1))
        let released = grove.simulation.now
        grove.simulation.perform(.link(rack, .release(.down)))
        grove.run()
        #expect(calls.map(grove.result) == (1...5).map { .value(.int($0)) })
        #expect(grove.simulation.now - released == .milliseconds(5))
    }

    @Test func `a frozen relay holds up its subtree and loses nothing`() {
        let grove = Grove()
        let chain = grove.growChain(["rack", "web"])
        #expect(grove.simulation.perform(.freeze(chain[0])))
        #expect(!grove.simulation.perform(.freeze(chain[0])))
        let call = grove.begin("echo", on: chain[1], [1])
        #expect(grove.run() == .quiescent && grove.result(of: call) == nil)
        #expect(grove.simulation.perform(.thaw(chain[0])))
        #expect(!grove.simulation.perform(.thaw(chain[0])))
        grove.run()
        #expect(grove.result(of: call) == .value(1))
    }

    @Test func `a frozen context misses its timers until it goes on`() throws {
        let grove = Grove()
        let web = grove.grow("web")
        let sleep = grove.begin("sleep", on: web, ["2s"])
        let block = grove.begin("block", on: web, ["2s"])
        grove.run(for: .seconds(1))
        grove.simulation.perform(.freeze(web))
        grove.pass(.seconds(9))
        #expect(grove.result(of: sleep) == nil)
        grove.simulation.perform(.thaw(web))
        grove.run()
        #expect(grove.result(of: sleep) != nil && grove.result(of: block) != nil)
        #expect(grove.simulation.now - .start >= .seconds(12))
    }

    @Test func `no command reaches a frozen program`() {
        let grove = Grove()
        let web = grove.grow("web")
        grove.simulation.perform(.freeze(web))
        #expect(grove.begin("echo", on: .master, from: web) == nil)
    }

    @Test func `a frozen child is ended when its parent dies`() {
        let grove = Grove()
        let chain = grove.growChain(["rack", "web", "db"])
        grove.simulation.perform(.freeze(chain[1]))
        grove.simulation.kill(chain[0])
        grove.run()
        #expect(grove.simulation.contexts == [.master])
        #expect(grove.records.contains { $0.context == chain[1] && $0.event.kind == .contextDown })
    }

    @Test func `a killed context is started again under its name`() throws {
        let grove = Grove()
        let chain = grove.growChain(["rack", "web"])
        _ = try #require(grove.simulation.restart(chain[1]))
        grove.run()
        let fresh = try #require(grove.simulation.contexts.last)
        #expect(fresh != chain[1] && grove.simulation.agent(fresh)?.node.identity?.name == "web")
        #expect(grove.call("echo", on: fresh, [1]) == .value(1))
        grove.simulation.kill(chain[0])
        grove.run()
        #expect(grove.simulation.restart(fresh) == nil, "its parent is gone")
    }

    @Test func `a fast clock fires early and a slow one late`() throws {
        for (drift, expected) in [(Drift(1, 4), 8_000), (Drift(-1, 5), 12_500)] as [(Drift, Int64)] {
            let grove = Grove(link: LinkModel())
            let web = grove.grow("web")
            grove.simulation.perform(.skew(web, by: .seconds(100), drift: drift))
            let began = grove.simulation.now
            #expect(grove.call("sleep", on: web, ["10s"]) != nil)
            #expect(grove.simulation.now - began == .milliseconds(expected))
        }
    }

    @Test func `the trace goes by the world's clock`() {
        let grove = Grove()
        let web = grove.grow("web")
        grove.simulation.perform(.skew(web, by: .seconds(-100), drift: Drift(-9, 10)))
        grove.call("echo", on: web, [1])
        let times = grove.records.map(\.event.at)
        #expect(times == times.sorted())
    }

    @Test func `another model of a link counts from then on`() {
        let grove = Grove()
        let web = grove.grow("web")
        grove.simulation.perform(.link(web, .set(LinkModel(delay: .constant(.seconds(1))))))
        let began = grove.simulation.now
        grove.call("echo", on: web, [1])
        #expect(grove.simulation.now - began == .seconds(2))
    }

    @Test func `a process that ends behind a cut is not known to have ended until the cut is mended`() {
        let grove = Grove()
        let web = grove.grow("web")
        grove.simulation.perform(.link(web, .cut(.both)))
        grove.simulation.kill(web)
        grove.run()
        func kinds() -> [Event.Kind] { grove.records.map(\.event.kind) }
        #expect(!kinds().contains(.childExited))
        grove.simulation.perform(.link(web, .mend))
        grove.run()
        #expect(kinds().contains(.childExited) && kinds().contains(.linkDown))
    }

    @Test func `every fault is in the trace with its subject and its name`() {
        let grove = Grove()
        let web = grove.grow("web")
        let faults: [Fault] = [
            .link(web, .hold(.up)), .link(web, .release(.both)), .freeze(web), .thaw(web),
            .skew(web, by: .seconds(1), drift: Drift(1, 9)), .link(web, .cut(.both)), .link(web, .mend),
        ]
        for fault in faults { #expect(grove.simulation.perform(fault, as: "it")) }
        let told = grove.records.filter { $0.event.kind == .command && $0.event.tag == "it" }
        #expect(told.map(\.event.text) == ["hold up", "release", "freeze", "thaw", "skew 1s 1/9", "cut", "mend"])
        #expect(told.allSatisfy { $0.event.subject == web })
    }
}

extension Grove {
    /// Lets time go on even where nothing happens.
    func pass(_ duration: Duration) {
        simulation.schedule(at: simulation.now + duration, token: 0)
        run(for: duration)
    }

    func result(of call: CallID?) -> Outcome? { call.flatMap { outcome(of: $0) } }

    func failure(of call: CallID) -> Failure? {
        if case .failed(let failure)? = outcome(of: call) { failure } else { nil }
    }
}
