import TestSupport
import MitoCore
import Mitoscope
import Testing

/// Streams among real processes whose sockets are full.
@Suite struct FlowTests {
    @Test func `two busy relays in opposite directions never lock`() async throws {
        try await Live.tree { live in
            let (left, right) = (try await live.router.local(), try await live.router.local())
            let (a, b) = (try await live.router.local(via: left), try await live.router.local(via: right))
            let (toA, toB) = (try await a.call("collect"), try await b.call("collect"))
            async let there = a.call("flood", [300, toB, 65_536])
            async let back = b.call("flood", [300, toA, 65_536])
            #expect(try await there == 300)
            #expect(try await back == 300)
            for (context, sender) in [(a, toA), (b, toB)] {
                guard case .list(let items) = try await context.call("collected", [sender]) else {
                    Issue.record("no items")
                    return
                }
                #expect(items.count == 300)
            }
        }
    }

    @Test func `whoever streams through a frozen relay waits instead of growing`() async throws {
        try await Live.tree { live in
            let name = uniqueName()
            let relay = try await live.router.local(name: name + "-relay")
            let sender = try await live.router.local(name: name, via: relay)
            let reader = try await live.router.local(name: name + "-reader")
            let receiver = try await reader.call("collect")
            let (frozen, process) = (try pid(name + "-relay"), try pid(name))
            let (reading, idle) = (try pid(name + "-reader"), Processes.residentKilobytes(try pid(name + "-reader")))
            async let streamed = sender.call("flood", [2_000, receiver, 65_536])
            #expect(
                await Processes.eventually {
                    (Processes.residentKilobytes(reading) ?? 0) > (idle ?? 0) + 1_024
                }, "the stream has begun")
            #expect(ProcessSignal.freeze(frozen))
            #expect(await Processes.comesToRest(process))
            #expect(try #require(Processes.residentKilobytes(process)) < 64 * 1024)
            #expect(ProcessSignal.thaw(frozen))
            #expect(try await streamed == 2_000)
        }
    }

    private func pid(_ name: String) throws -> Int32 { try #require(Processes.context(name)).pid }
}
