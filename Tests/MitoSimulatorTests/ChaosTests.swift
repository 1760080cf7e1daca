import MitoCore
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

@Suite struct ChaosTests {
    private let chaos = Chaos(
        cuts: 1...4, kills: 0...2, freezes: 1...3, delays: 0...4, delay: .zero...(.seconds(2)),
        between: .seconds(1)...(.seconds(5)), lasting: .milliseconds(500)...(.seconds(90)), heal: .seconds(8))

    @Test func `a seed gives one chaos`() {
        let victims = (1...9).map { ContextID($0) }
        #expect(chaos.strikes(on: victims, seed: 3) == chaos.strikes(on: victims, seed: 3))
        #expect(Set((1...9).map { chaos.strikes(on: victims, seed: $0) }).count == 9)
        #expect(chaos.strikes(on: [], seed: 1).isEmpty)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `all begins in its window and is over when it is healed`(seed: UInt64) {
        let strikes = chaos.strikes(on: (1...9).map { ContextID($0) }, seed: seed)
        #expect(strikes.map(\.after) == strikes.map(\.after).sorted())
        #expect(strikes.allSatisfy { $0.after >= .seconds(1) && $0.after <= .seconds(8) })
        func count(_ word: String) -> Int { strikes.count { "\($0.fault)" == word } }
        #expect(count("cut") == count("mend") && count("freeze") == count("thaw"))
        #expect((1...4).contains(count("cut")) && (1...3).contains(count("freeze")) && count("kill") <= 2)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a tree comes to rest after chaos, and every call has ended`(seed: UInt64) {
        let grove = Grove(seed: seed)
        let rack = grove.grow("rack")
        let leaves = (1...4).map { grove.grow("leaf-\($0)", via: rack) }
        grove.simulation.perform(chaos.strikes(on: [rack] + leaves, seed: seed))
        var calls: [CallID?] = []
        for round in 0..<40 {
            calls.append(grove.begin("echo", on: leaves[round % 4], [.int(Int64(round))]))
            grove.run(for: .milliseconds(200))
        }
        #expect(grove.run() == .quiescent)
        #expect(calls.allSatisfy { grove.result(of: $0) != nil })
    }
}
