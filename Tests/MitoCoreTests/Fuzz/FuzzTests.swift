import MitoCore
import Testing

@testable import mito_fuzz

/// A slice of what `make fuzz` does at length.
struct FuzzTests {
    @Test(.timeLimit(.minutes(5)), arguments: [1, 2])
    func `spoilt input breaks no decoder`(_ seed: UInt64) throws {
        var fuzzer = Fuzzer(seed: seed)
        for number in 0..<20_000 { try fuzzer.run(number) }
        #expect(fuzzer.tally.deepPercent >= 30)
    }

    @Test(arguments: [
        [], [0x80], [0x80, 2], [0x80, 2, 0xFF, 0xFF], [0x80, 3, 0x4E, 0x2E], Array("MITO002\n".utf8),
        [0x80, 2, 0x4B] + [UInt8](repeating: 0, count: 40),
    ])
    func `what ends at the header or soon after is not counted as deep`(_ payload: [UInt8]) throws {
        var fuzzer = Fuzzer(seed: 1)
        try fuzzer.readPickles(payload, 0)
        #expect(fuzzer.tally.deep == 0 && fuzzer.tally.accepted == 0)
    }

    @Test func `what leads through half of the input is counted as deep, accepted or not`() throws {
        var fuzzer = Fuzzer(seed: 1)
        let whole = Value.list([1, 2, 3, "four"]).pickled()
        try fuzzer.readPickles(whole, 0)
        #expect(fuzzer.tally.deep == 1 && fuzzer.tally.accepted == 1)
        try fuzzer.readPickles(Array(whole.dropLast()), 1)
        #expect(fuzzer.tally.deep == 2 && fuzzer.tally.accepted == 1)
    }

    @Test func `a case follows from the seed and its number alone`() throws {
        var whole = Fuzzer(seed: 3)
        for number in 0..<200 { try whole.run(number) }
        var parts = Fuzzer(seed: 3)
        for number in (0..<200).reversed() { try parts.run(number) }
        #expect(whole.tally == parts.tally)
    }
}
