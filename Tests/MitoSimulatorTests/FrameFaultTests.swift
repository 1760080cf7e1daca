import MitoCore
import MitoLinks
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

/// What happens to single frames.
@Suite struct FrameFaultTests {
    @Test func `the n-th frame that matches is delayed, and those behind it wait`() {
        let (grove, web) = grown()
        let pattern = FramePattern(kind: .call, destination: web)
        grove.simulation.perform(.frames(FrameFault(.delay(.seconds(3)), pattern, nth: 2)))
        let began = grove.simulation.now
        var ends: [Duration] = []
        let calls = (1...3).map { grove.begin("echo", on: web, [.int($0)]) }
        for call in calls {
            while grove.result(of: call) == nil, grove.simulation.step() {}
            ends.append(grove.simulation.now - began)
        }
        #expect(ends == [.milliseconds(10), .milliseconds(3_010), .milliseconds(3_010)])
        #expect(strikes(grove) == ["frame delayed 3s"])
    }

    @Test func `a dropped frame leaves its caller waiting`() {
        let (grove, web) = grown()
        grove.simulation.perform(.frames(FrameFault(.drop, FramePattern(kind: .reply, source: web))))
        let call = grove.begin("echo", on: web, [1])
        #expect(grove.run() == .quiescent && grove.result(of: call) == nil)
        #expect(grove.call("echo", on: web, [2]) == .value(2), "it strikes once")
        #expect(strikes(grove) == ["frame dropped"])
    }

    @Test func `a strike names the frame as its sender does`() throws {
        let (grove, web) = grown()
        grove.simulation.perform(.frames(FrameFault(.drop, FramePattern(kind: .call), nth: 2)))
        for number in 1...3 { grove.begin("echo", on: web, [.int(Int64(number))]) }
        grove.run()
        let strike = try #require(grove.records.firstIndex { $0.event.text == "frame dropped" })
        let event = grove.records[strike].event
        let sent = grove.records[..<strike].filter { $0.event.kind == .frameOut && $0.event.handle == .callFunction }
        #expect(event.ordinal == sent[1].event.ordinal && event.link == web && !event.upward)
        #expect(event.replyTo == sent[1].event.replyTo)
    }

    @Test func `a strike names the last frame of a context that ends, too`() throws {
        let (grove, web) = grown()
        grove.begin("hang", on: web)
        grove.run(for: .seconds(1))
        grove.simulation.perform(.frames(FrameFault(.drop, FramePattern(kind: .dead, link: web))))
        grove.simulation.withAgent(.master) { $0.node.shutdown(web, at: $1) }
        grove.run()
        let strike = try #require(grove.records.first { $0.event.text == "frame dropped" }).event
        let sent = grove.records.last { $0.event.kind == .frameOut && $0.event.replyTo == .dead }?.event
        #expect(strike.ordinal > 0 && strike.ordinal == sent?.ordinal)
    }

    @Test func `a doubled call runs twice and is answered once`() {
        let (grove, web) = grown()
        grove.simulation.perform(.frames(FrameFault(.duplicate, FramePattern(kind: .call))))
        #expect(grove.call("echo", on: web, [1]) == .value(1))
        grove.run()
        #expect(grove.records.count { $0.event.kind == .invocationStarted && $0.event.text == "echo" } == 2)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a corrupt frame traps nobody`(seed: UInt64) {
        let grove = Grove(seed: seed)
        let chain = grove.growChain(["rack", "web"])
        grove.simulation.perform(.frames(FrameFault(.corrupt, FramePattern(kind: .call, link: chain[1]))))
        grove.begin("echo", on: chain[1], ["text"], timeout: .seconds(1))
        grove.run()
        #expect(strikes(grove) == ["frame corrupted"])
    }

    @Test func `a frame overtakes one that is under way`() {
        let (grove, web) = grown()
        let pattern = FramePattern(kind: .call, link: web)
        grove.simulation.perform(.frames(FrameFault(.overtake, pattern)))
        let calls = (1...2).map { number -> CallID? in
            let call = grove.begin("echo", on: web, [.int(Int64(number))])
            grove.run(for: .milliseconds(1))
            return call
        }
        while grove.result(of: calls[1]) == nil, grove.simulation.step() {}
        #expect(grove.result(of: calls[0]) == nil)
        grove.run()
        #expect(calls.map(grove.result) == [Outcome.value(1), Outcome.value(2)])
    }

    @Test func `a message is matched once, where its source sends it`() {
        let grove = Grove()
        let chain = grove.growChain(["rack", "web"])
        grove.simulation.perform(.frames(FrameFault(.drop, FramePattern(kind: .call), nth: 2)))
        #expect(grove.call("echo", on: chain[1], [1]) == .value(1))
        #expect(grove.call("echo", on: chain[1], [2]) == nil)
    }

    @Test func `a forged message is refused by the first that can know`() {
        let grove = Grove()
        let (web, db) = (grove.grow("web"), grove.grow("db"))
        let forged = Message(to: db, from: .master, handle: .shutdown)
        #expect(grove.simulation.perform(.spoof(forged, by: web)))
        grove.run()
        let drops = grove.records.filter { $0.event.kind == .dropped }
        #expect(drops.map(\.event.reason) == [.badAuthority] || drops.map(\.event.reason) == [.badSource])
        #expect(grove.simulation.contexts == [.master, web, db])
    }

    @Test func `each frame fault names what it breaks, a delay nothing`() {
        for kind in [.drop, .duplicate, .corrupt, .overtake] as [FrameFault.Kind] {
            let fault = Fault.frames(FrameFault(kind, FramePattern()))
            #expect(fault.suspends.contains(.answersAreRight))
        }
        let call = FrameFault(.drop, FramePattern(kind: .call))
        let news = FrameFault(.drop, FramePattern(kind: .delRoute))
        #expect(!call.suspends.contains(.routesConverge) && news.suspends.contains(.routesConverge))
        #expect(Fault.frames(FrameFault(.delay(.seconds(1)), FramePattern())).suspends.isEmpty)
        #expect(Fault.link(.master, .cut(.both)).suspends.isEmpty)
    }

    private func grown() -> (Grove, ContextID) {
        let grove = Grove()
        return (grove, grove.grow("web"))
    }

    private func strikes(_ grove: Grove) -> [String] {
        grove.records.map(\.event.text).filter { $0.hasPrefix("frame ") }
    }
}
