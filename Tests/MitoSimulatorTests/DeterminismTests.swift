import MitoCore
import MitoLinks
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

@Suite struct DeterminismTests {
    @Test func `one seed, one run`() {
        let first = told(seed: 7)
        for _ in 1..<5 { #expect(told(seed: 7) == first) }
    }

    @Test func `another seed is another run with the same results`() {
        let runs = (1...5 as ClosedRange<UInt64>).map { told(seed: $0) }
        #expect(Set(runs.map(\.hash)).count == 5)
        #expect(Set(runs.map(\.outcomes)).count == 1)
    }

    @Test func `one more context changes no delay of another's link`() {
        let groves = [[], ["noise"], ["noise", "more"]].map { names in
            let grove = Grove(seed: 3, link: LinkModel(delay: .uniform(.milliseconds(1), .milliseconds(900))))
            let web = grove.grow("web")
            for name in names { grove.grow(name) }
            let began = grove.simulation.now
            for _ in 0..<5 { grove.call("echo", on: web) }
            return grove.simulation.now - began
        }
        #expect(groves[0] == groves[1] && groves[1] == groves[2])
    }

    @Test func `the hash covers every record`() {
        let grove = Grove()
        grove.grow("web")
        var hash = RollingHash()
        for record in grove.records {
            hash.fold(record.event, in: record.context)
            #expect(record.hash == hash.value)
        }
        #expect(hash.value == grove.simulation.hash && grove.simulation.records == UInt64(grove.records.count))
    }

    @Test func `an untraced run moves the same frames in the same time`() {
        let (traced, untraced) = (Grove(seed: 3), Grove(seed: 3, configuration: Node.Configuration()))
        for grove in [traced, untraced] {
            let chain = grove.growChain(["a", "b"])
            grove.call("echo", on: chain[1], [1])
        }
        #expect(untraced.records.isEmpty)
        #expect(traced.simulation.framesMoved == untraced.simulation.framesMoved)
        #expect(traced.simulation.now == untraced.simulation.now)
    }

    @Test func `busy pairs are answered for as long as one likes`() {
        let load = BusyPairs(contexts: 20, pairs: 10)
        #expect(load.run(hops: 5_000) >= 5_000)
        #expect(load.answers > 400)
        #expect(load.failures == 0)
        #expect(load.simulation.contexts.count == 20)
    }

    private struct Told: Hashable {
        var hash: UInt64
        var outcomes: [Outcome?]
    }

    /// A story with a bit of everything.
    private func told(seed: UInt64) -> Told {
        let grove = Grove(seed: seed, link: LinkModel(delay: .uniform(.milliseconds(1), .milliseconds(20))))
        let chain = grove.growChain(["bastion", "rack", "db"])
        let web = grove.grow("web", via: chain[1])
        let calls = [
            grove.begin("echo", on: chain[2], [.text(String(repeating: "x", count: 500))], from: chain[0]),
            grove.begin("sleep", on: web, ["1s"], from: chain[0]),
            grove.begin("hang", on: chain[2], from: chain[0]),
            grove.begin("echo", on: chain[2], [2], from: web),
        ]
        grove.run(for: .seconds(2))
        grove.simulation.kill(chain[2])
        grove.run()
        let outcomes = calls.enumerated().map { place, call in
            call.flatMap { grove.outcome(of: $0, in: place == 3 ? web : chain[0]) }
        }
        return Told(hash: grove.simulation.hash, outcomes: outcomes)
    }
}
